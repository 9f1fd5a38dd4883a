import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { isObject } from "../../components/json.ts";
import type { Note } from "./validate-report.ts";

/** The kernels that a catalog's articles may name, as far as files tell. */
export interface DeclaredKernels {
  /** By display name; absent where nothing declares kernels. */
  readonly declaredKernels?: ReadonlySet<string>;
  readonly notes: Note[];
}

/**
 * The kernels declared in `kernels/` of a catalog, and those that a stack beside the catalog names in
 * `lectern:externalKernels`.
 * @param catalogs the folders that hold `courses/`, `blogs/` and `kernels/`
 */
export async function kernelsOf(catalogs: ReadonlySet<string>): Promise<DeclaredKernels> {
  const shelves = [...catalogs]
    .map((catalog) => join(catalog, "kernels"))
    .filter((shelf) => existsSync(shelf));
  const external = (
    await Promise.all([...catalogs].map((catalog) => externalKernels(dirname(catalog))))
  ).flat();
  if (shelves.length === 0 && external.length === 0) {
    const note =
      "kernelId was not checked, as no kernels are declared next to the articles; use --kernels to name them";
    return { notes: [note] };
  }
  const files = shelves.flatMap((shelf) =>
    readdirSync(shelf).map((name) => join(shelf, name, "kernel.yaml")),
  );
  const found = await Promise.all(files.filter((file) => existsSync(file)).map(displayName));
  const names = found.flatMap(({ name }) => name ?? []);
  return {
    declaredKernels: new Set([...names, ...external]),
    notes: found.flatMap(({ note }) => note ?? []),
  };
}

async function displayName(file: string): Promise<{ name?: string; note?: Note }> {
  const text = readFileSync(file, "utf8");
  // A plain scalar at the top level needs no YAML parser, which takes noticeable time to load.
  const plain = /^display_name:[ \t]+([A-Za-z][\w ().+-]*?)[ \t]*$/m.exec(text)?.[1];
  if (plain !== undefined && !/[|>]\s*$/m.test(text)) return { name: plain };
  const { parse } = await import("yaml");
  try {
    const value: unknown = parse(text)?.display_name;
    if (typeof value === "string") return { name: value };
    return { note: `${relative(process.cwd(), file)} has no display_name, so its kernel is unknown` };
  } catch {
    return { note: `${relative(process.cwd(), file)} is not valid YAML, so its kernel is unknown` };
  }
}

const EXTERNAL = "lectern:externalKernels";

/** What any stack of a project names; a file that can't be read is reported where the stack is deployed. */
async function externalKernels(project: string): Promise<string[]> {
  const texts = stackFiles(project).filter((text) => text.includes(EXTERNAL));
  if (texts.length === 0) return [];
  const { parse } = await import("yaml");
  return texts.flatMap((text) => {
    try {
      const { config }: { config?: unknown } = parse(text) ?? {};
      const names = isObject(config) ? config[EXTERNAL] : undefined;
      return Array.isArray(names) ? names.filter((name) => typeof name === "string") : [];
    } catch {
      return [];
    }
  });
}

function stackFiles(project: string): string[] {
  try {
    return readdirSync(project)
      .filter((name) => /^Pulumi\.[^.]+\.ya?ml$/.test(name))
      .map((name) => readFileSync(join(project, name), "utf8"));
  } catch {
    return [];
  }
}
