import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { keepFile } from "./kept-files.ts";

/** Where Lectern's reusable workflows are, at a version. */
export interface Pin {
  /** `owner/name` */
  readonly repository: string;
  readonly commit: string;
  readonly version: string;
}

/** What the template has until a package is made of it, or a person fills it in. */
const PLACEHOLDER = "my-organization/lectern";

const CALL =
  /(uses: +)([\w.-]+\/[\w.-]+)(\/\.github\/workflows\/[\w-]+\.ya?ml)@(?:COMMIT|[0-9a-f]{40})(?: +# v[^\s]+)?$/gm;

/** The text of a workflow that calls Lectern's own at a pin, by the hash of the commit. Other workflows stay as they are. */
export const withPin = (text: string, { repository, commit, version }: Pin): string =>
  text.replaceAll(CALL, (call: string, uses: string, from: string, path: string) =>
    from === repository || from === PLACEHOLDER
      ? `${uses}${repository}${path}@${commit} # v${version}`
      : call,
  );

const manifestSchema = z.object({
  version: z.string(),
  gitHead: z.string().regex(/^[0-9a-f]{40}$/),
  repository: z.object({ url: z.string().regex(/github\.com\/[\w.-]+\/[\w.-]+?\.git$/) }),
});

/**
 * Moves a repository's workflows to those of the installed package, which run its command line: one of another version may lack
 * what they call. A package that was made elsewhere than on GitHub does not say where its workflows are.
 * @returns what was done, one line each
 */
export function moveWorkflows(root: string): string[] {
  const pin = installedPin(root);
  if (!pin) return [];
  return workflowsIn(root).flatMap(({ path, text }) => {
    const after = withPin(text, pin);
    if (after === text) return [];
    keepFile(root, path);
    writeFileSync(join(root, path), after);
    return [`${path}: calls the workflows of ${pin.version}`];
  });
}

/** Where the workflows of the installed package are; undefined where it does not say so. */
export function installedPin(root: string): Pin | undefined {
  const file = join(root, "node_modules/lectern/package.json");
  const found = manifestSchema.safeParse(
    existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined,
  );
  if (!found.success) return undefined;
  const { version, gitHead: commit, repository } = found.data;
  const [, name = ""] = /github\.com\/(.+)\.git$/.exec(repository.url) ?? [];
  return { repository: name, commit, version };
}

/** The workflows of a repository, by their paths in it. */
export const workflowsIn = (root: string): { readonly path: string; readonly text: string }[] =>
  globSync(".github/workflows/*.{yml,yaml}", { cwd: root })
    .sort()
    .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));

/** Whether a workflow calls one of the template's that nobody has filled in. */
export const hasPlaceholder = (text: string): boolean =>
  [...text.matchAll(CALL)].some(([call, , repository]) => repository === PLACEHOLDER || /@COMMIT/.test(call));
