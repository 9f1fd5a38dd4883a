import { wasDeleted } from "../resource/deleted.ts";

/** What this run's program declares, as its resources told when they were checked. */
interface Declared {
  /** The display names of all its kernels. */
  readonly kernels: Set<string>;
  /** The display names that its courses name; undefined until somebody says so. */
  named: Set<string> | undefined;
}

/** By the word for a run: a provider process of an engine knows one. */
const RUNS = new Map<string, Declared>();

/** Notes a kernel that the program declares. */
export function declareKernel(run: string, displayName: string): void {
  declared(run).kernels.add(displayName);
}

/** Notes the kernels that the program's courses name. */
export function declareNamed(run: string, displayNames: readonly string[]): void {
  const entry = declared(run);
  entry.named = new Set([...(entry.named ?? []), ...displayNames]);
}

/**
 * Whether a kernel must stay because courses need it. The program of the run knows best: a kernel
 * that was renamed or that no course names any more may go. Without a program (a destroy) the last
 * state decides, less the articles that went before.
 * @param usedBy the articles' ids, `course/<slug>`
 */
export function isNeeded(run: string, displayName: string, usedBy: readonly string[]): boolean {
  const entry = RUNS.get(run);
  if (entry?.kernels.has(displayName)) return false;
  if (entry?.named) return entry.named.has(displayName);
  return usedBy.some((article) => !wasDeleted(run, article));
}

function declared(run: string): Declared {
  const known = RUNS.get(run);
  if (known) return known;
  const made: Declared = { kernels: new Set(), named: undefined };
  RUNS.set(run, made);
  return made;
}
