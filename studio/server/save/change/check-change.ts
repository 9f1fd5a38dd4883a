import { basename, dirname, join, posix, relative, sep } from "node:path";
import { checkFolders } from "../../../../cli/validate/check-folders.ts";
import type { Problem } from "../../../../components/problem/problem.ts";

/**
 * The problems of a catalog as `lectern validate` reports them.
 * @param root stands for the repository's
 * @param catalog from there
 * @returns with files from the repository's root
 */
export async function catalogProblems(root: string, catalog: string): Promise<Problem[]> {
  const { verdicts } = await checkFolders([join(root, catalog)], {});
  const withoutRoot = (text: string) => text.replaceAll(`${root}${sep}`, "");
  return verdicts.flatMap(({ place: { folder }, problems }) =>
    problems.map(({ file, ...problem }): Problem => {
      const path = relative(root, join(folder, file ?? ""))
        .split(sep)
        .join("/");
      const { message, remedy } = problem;
      return { ...problem, message: withoutRoot(message), remedy: withoutRoot(remedy), file: path };
    }),
  );
}

/**
 * The problems that are a change's own: those in its files, and those that were not there before.
 * @param changed the files of the change, from the repository's root
 */
export function ownProblems(
  before: readonly Problem[],
  after: readonly Problem[],
  changed: readonly string[],
): Problem[] {
  const known = new Set(before.map(keyOf));
  return after.filter((problem) => changed.includes(problem.file ?? "") || !known.has(keyOf(problem)));
}

/** A line may have moved. */
const keyOf = ({ code, file, path, message }: Problem) => JSON.stringify([code, file, path, message]);

/** What a change is about, such as `campus-profiles`. @param paths from the catalog's folder */
export function subjectOf(paths: readonly string[]): string {
  const names = paths.map((path) => `${posix.basename(dirname(path))}-${basename(path, ".yaml")}`);
  return names.length === 1 ? `${names[0]}` : `${names[0]}-and-${names.length - 1}-more`;
}

/** What its commit is called where nobody says so. */
export function titleOf(paths: readonly string[]): string {
  const clusters = new Map<string, string[]>();
  for (const path of paths) {
    const cluster = posix.basename(dirname(path));
    clusters.set(cluster, [...(clusters.get(cluster) ?? []), basename(path, ".yaml")]);
  }
  const parts = [...clusters].map(([cluster, kinds]) => `${kinds.sort().join(" and ")} of ${cluster}`);
  return `Change ${parts.join(", ")}`;
}
