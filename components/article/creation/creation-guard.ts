import type { ProviderContext } from "../../resource/context.ts";

/**
 * Who may send an article for creation. Within a run each article may be sent once, and only where
 * the ledger announced it in this very run: then no earlier run can have sent it.
 */
export interface CreationGuard {
  /** The ledger announces an article: it has one attempt in this run. */
  announce(id: string): void;
  /** Whether an article that is not in the state may be sent; a plan asks, and takes nothing. */
  mayAttempt(id: string, announced: string | undefined): boolean;
  /** Takes the one attempt that an article has; false where it has none. */
  takeAttempt(id: string, announced: string | undefined): boolean;
  /** A plan removes a refused article from the state and creates it again: it is checked again then. */
  planClearing(id: string): void;
  /**
   * An article that qBook certainly did not create was removed from the state: its next creation in
   * this run is the first one. (Killed after that, the next run finds no article and an old
   * announcement, and asks a person.)
   */
  clearRefused(id: string): void;
}

/** The guard of a run. */
export const creationGuard = (context: ProviderContext): CreationGuard =>
  context.once("article: creation guard", () => guardOf(context.runId));

function guardOf(runId: string): CreationGuard {
  const spent = new Set<string>();
  /** Refused articles that the engine is going to remove from the state. */
  const clearing = new Set<string>();
  /** Refused articles that the engine has just removed from the state, to create them again. */
  const cleared = new Set<string>();
  return {
    announce: (id) => void spent.delete(id),
    mayAttempt: (id, announced) =>
      clearing.has(id) || cleared.has(id) || (announced === runId && !spent.has(id)),
    takeAttempt(id, announced) {
      clearing.delete(id);
      if (cleared.delete(id)) return true;
      if (announced !== runId || spent.has(id)) return false;
      spent.add(id);
      return true;
    },
    planClearing: (id) => void clearing.add(id),
    clearRefused: (id) => void cleared.add(id),
  };
}
