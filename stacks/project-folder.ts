import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { LecternError } from "../components/problem/problem.ts";

/** The repository that these sources are part of; the package has no Pulumi.yaml of its own. */
const OWN = dirname(import.meta.dirname);

const isProject = (folder: string) => existsSync(join(folder, "Pulumi.yaml"));

/**
 * The project that a command is about: the nearest folder with a Pulumi.yaml, from the caller's upwards. Elsewhere it is
 * the repository that the command belongs to, if it belongs to one.
 * @throws {LecternError} where there is none
 */
export function projectFolder(from = process.cwd(), own = OWN): string {
  const found = findProject(from) ?? (isProject(own) ? own : undefined);
  if (found !== undefined) return found;
  throw new LecternError({
    code: "no-project",
    severity: "error",
    message: `neither ${from} nor a folder above it has a Pulumi.yaml`,
    remedy: "Run the command in the folder of your project, or make a project: `npm create lectern DIR`",
  });
}

/** The nearest folder with a Pulumi.yaml; undefined where there is none. */
export function findProject(from: string): string | undefined {
  if (isProject(from)) return from;
  const above = dirname(from);
  return above === from ? undefined : findProject(above);
}
