/**
 * Who may send an article for creation. Within a run each article may be sent once, and only where
 * the ledger announced it in this very run: then no earlier run can have sent it.
 */
const SPENT = new Set<string>();
/** Articles whose refused attempt the engine has just removed from the state, to begin anew. */
const CLEARED = new Set<string>();

/** Articles whose refused attempt the engine is going to remove from the state. */
const CLEARING = new Set<string>();

const key = (id: string, run: string) => `${run} ${id}`;

/** Whether an article that is not in the state may be sent in this run; a plan asks, and takes nothing. */
export function mayAttempt(id: string, announced: string | undefined, run: string): boolean {
  const attempt = key(id, run);
  return CLEARING.has(attempt) || CLEARED.has(attempt) || (announced === run && !SPENT.has(attempt));
}

/** Takes the one attempt that an article has in this run; false where it has none. */
export function takeAttempt(id: string, announced: string | undefined, run: string): boolean {
  const attempt = key(id, run);
  CLEARING.delete(attempt);
  if (CLEARED.delete(attempt)) return true;
  if (announced !== run || SPENT.has(attempt)) return false;
  SPENT.add(attempt);
  return true;
}

/** The ledger announces an article: it has one attempt in this run. */
export function announce(id: string, run: string): void {
  SPENT.delete(key(id, run));
}

/** A plan says that a refused article is removed from the state and created anew: it is checked again then. */
export function planClearing(id: string, run: string): void {
  CLEARING.add(key(id, run));
}

/**
 * An article that qBook certainly did not create was removed from the state: its next creation in
 * this run is the first one. (Killed after that, the next run finds no article and an old
 * announcement, and asks a person.)
 */
export function clearRefused(id: string, run: string): void {
  CLEARED.add(key(id, run));
}
