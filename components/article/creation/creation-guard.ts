import type { ProviderContext } from "../../resource/context/context.ts";
import { UnderWay } from "./under-way.ts";

/**
 * Who may send an article for creation. Within a run each article may be sent once, and only where
 * the ledger announced it in this very run: then no earlier run can have sent it.
 */
export interface CreationGuard {
  /**
   * The engine is going to call for a ledger, which will announce its article. Resolves when it may, which is
   * later where a failure is about to stop the engine.
   */
  expectAnnouncement(ledger: string): Promise<void>;
  /** The ledger announces an article: it has one attempt in this run. */
  announce(id: string): void;
  /** Whether an article that is not in the state may be sent; a plan asks, and takes nothing. */
  mayAttempt(id: string, announced: string | undefined): boolean;
  /** Takes the one attempt that an article has; false where it has none. */
  takeAttempt(id: string, announced: string | undefined): boolean;
  /**
   * A plan removes a refused article from the state and creates it again: it is checked again then. Resolves
   * when that may begin, as for an announcement.
   */
  planClearing(id: string): Promise<void>;
  /**
   * An article that qBook certainly did not create was removed from the state: its next creation in
   * this run is the first one. (Killed after that, the next run finds no article and an old
   * announcement, and asks a person.)
   */
  clearRefused(id: string): void;
  /** The engine deploys: it does not only plan. */
  begin(): void;
  /**
   * A resource is checked. Where the engine compares one that was not, it refreshes.
   * @returns the reasons not to accept it. In a deployment there are none here: they are for `deploy`, as a
   *   failed check would keep the engine from starting articles that are announced already
   */
  check(id: string, reasons: readonly string[]): readonly string[];
  wasChecked(id: string): boolean;
  /** Whether the check of a resource left it to `deploy` to fail. */
  mustFail(id: string): boolean;
  /** Whether the engine deploys. */
  isDeploying(): boolean;
  /**
   * Creates or updates a resource. A failure is passed on only when the engine has called for every announced
   * article, and every ledger that it is about to call for is done. Otherwise the engine would not start the
   * articles, and the next run would have to ask about some that were never sent.
   * @throws what the check left to it
   */
  deploy<T>(id: string, act: () => Promise<T>): Promise<T>;
  /** Nothing is done for an announced article. */
  keep(id: string): void;
  /** An article on qBook that an entry of the catalog has adopted in this run. */
  noteAdoption(customId: string, id: string): void;
  /** Who has adopted it; undefined where nobody has. */
  adoptedBy(customId: string | undefined): string | undefined;
}

/** The guard of a run. */
export const creationGuard = (context: ProviderContext): CreationGuard =>
  context.once("article: creation guard", () => guardOf(context));

function guardOf(context: ProviderContext): CreationGuard {
  const { runId } = context;
  const spent = new Set<string>();
  /** Refused articles that the engine is going to remove from the state. */
  const clearing = new Set<string>();
  /** Refused articles that the engine has just removed from the state, to create them again. */
  const cleared = new Set<string>();
  const underWay = new UnderWay(context);
  const checked = new Map<string, readonly string[]>();
  let deploying = false;
  const adoptions = new Map<string, string>();
  return {
    expectAnnouncement: (ledger) => underWay.plan(ledger),
    announce(id) {
      spent.delete(id);
      underWay.expectCall(id);
    },
    mayAttempt: (id, announced) =>
      clearing.has(id) || cleared.has(id) || (announced === runId && !spent.has(id)),
    takeAttempt(id, announced) {
      clearing.delete(id);
      underWay.drop(id);
      if (cleared.delete(id)) return true;
      if (announced !== runId || spent.has(id)) return false;
      spent.add(id);
      return true;
    },
    begin() {
      deploying = true;
    },
    planClearing(id) {
      clearing.add(id);
      return underWay.plan(id);
    },
    clearRefused(id) {
      if (clearing.delete(id)) underWay.expectCall(id);
      underWay.drop(id);
      cleared.add(id);
    },
    check(id, reasons) {
      checked.set(id, deploying ? reasons : []);
      return deploying ? [] : reasons;
    },
    wasChecked: (id) => checked.has(id),
    mustFail: (id) => (checked.get(id) ?? []).length > 0,
    isDeploying: () => deploying,
    async deploy(id, act) {
      deploying = true;
      underWay.endExpecting(id);
      try {
        const reasons = checked.get(id) ?? [];
        if (reasons.length > 0) throw new Error(reasons.join("\n"));
        const done = await act();
        underWay.drop(id);
        return done;
      } catch (error) {
        underWay.drop(id);
        await underWay.passFailureOn();
        throw error;
      }
    },
    keep: (id) => underWay.endExpecting(id),
    noteAdoption: (customId, id) => void adoptions.set(customId, id),
    adoptedBy: (customId) => (customId === undefined ? undefined : adoptions.get(customId)),
  };
}
