import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, extname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { stringify } from "yaml";
import type { Repository } from "../../components/article/source/git/repository.ts";

/** The repository or package that this command belongs to. */
const LECTERN = join(import.meta.dirname, "../..");

/** The stack of every project that the action makes. */
export const STACK = "action";

/** A project for one run, with a catalog of one thing. */
export interface Project {
  readonly folder: string;
  /** Its name, which the state and a kernel's owner are told by: the same in every run. */
  readonly name: string;
  /** Settings by their full keys. */
  readonly config: Readonly<Record<string, string>>;
  /** Secret settings by their full keys: they are in no file as they are. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** A name of a Pulumi project that is the same in each run of a repository, and of no other repository. */
export function projectName(
  repository: Pick<Repository, "root" | "url">,
  ...parts: readonly string[]
): string {
  const address = (repository.url ?? repository.root).replace(/^\w+:\/\//, "").replace(/\.git$/, "");
  return named(["lectern", ...parts, ...address.split("/").slice(-2)].join("-")).slice(0, 100);
}

/** A text as a part of a name. */
export const named = (text: string) => text.toLowerCase().replaceAll(/[^a-z0-9._-]+/g, "-");

/** Writes the project's files, so that it runs this very Lectern. */
export function writeProject({ folder, name, config }: Project): void {
  const modules = join(folder, "node_modules");
  mkdirSync(modules, { recursive: true });
  symlinkSync(LECTERN, join(modules, "lectern"));
  const sdk = createRequire(import.meta.url).resolve("@pulumi/pulumi/package.json");
  symlinkSync(dirname(dirname(sdk)), join(modules, "@pulumi"));
  const program = pathToFileURL(join(LECTERN, `index${extname(import.meta.filename)}`)).href;
  const files: Readonly<Record<string, string>> = {
    "package.json": JSON.stringify({ name: "action", private: true, type: "module", main: "index.js" }),
    "index.js": `export { default } from ${JSON.stringify(program)};\n`,
    "Pulumi.yaml": stringify({
      name,
      runtime: { name: "nodejs", options: { typescript: false } },
      main: "index.js",
    }),
    [`Pulumi.${STACK}.yaml`]: stringify({ config }),
  };
  for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
}
