import { keepFile } from "../kept-files.ts";
import type { Codemod } from "./codemod.ts";
import { contextsToClusterFiles } from "./contexts-to-cluster-files.ts";
import { projectFiles } from "./project-files.ts";

/** Oldest first. */
const CODEMODS: readonly Codemod[] = [contextsToClusterFiles];

/**
 * Applies what a move from one version to another needs; back to an earlier one needs nothing.
 * @returns what was done, and what is left to people, one line each
 */
export function applyCodemods(
  root: string,
  from: string,
  to: string,
  codemods: readonly Codemod[] = CODEMODS,
): string[] {
  const needed = codemods.filter(({ since }) => isBefore(from, since) && !isBefore(to, since));
  return needed.flatMap(({ since, description, apply }) => {
    const files = projectFiles(root, (path) => keepFile(root, path));
    const left = apply(files);
    const done = files.written().map((path) => `${path}: ${description} (since ${since})`);
    return [...done, ...left.map((sentence) => `For you to decide (since ${since}): ${sentence}`)];
  });
}

/** Whether one version is before another; a pre-release counts as its release. */
function isBefore(version: string, other: string): boolean {
  const [a, b] = [numbersOf(version), numbersOf(other)];
  for (const [index, part] of a.entries()) {
    const difference = part - (b[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

const numbersOf = (version: string) =>
  (/^\d+\.\d+\.\d+/.exec(version)?.[0] ?? "0.0.0").split(".").map(Number);
