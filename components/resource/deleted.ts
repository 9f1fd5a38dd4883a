/** What was deleted, by the word for a run. */
const DELETED = new Map<string, Set<string>>();

/** Notes that a resource's provider deleted it in this run. */
export function noteDeleted(run: string, id: string): void {
  const ids = DELETED.get(run) ?? new Set();
  DELETED.set(run, ids.add(id));
}

/** Whether a resource of that id was deleted in this run: what was needed by it is free then. */
export function wasDeleted(run: string, id: string): boolean {
  return DELETED.get(run)?.has(id) ?? false;
}
