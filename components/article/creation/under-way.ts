import type { ProviderContext } from "../../resource/context/context.ts";

/** How often to look whether a failure may be passed on, and an announcement begin, in milliseconds. */
const PACE = { first: 10, slowest: 50, limit: Number.POSITIVE_INFINITY };
/** How long an announced article keeps a failure waiting: it does not come where another part has failed. */
const PATIENCE = 15_000;
/** The same for what is not announced or cleared yet: it has to wait where the engine does few things at once. */
const PATIENCE_WITH_PLANNED = 3_000;
/** How long the engine may take to stop after a failure: its own pace decides within these bounds. */
const STOPPING = { least: 1_000, unknown: 3_000, most: 15_000 };

/**
 * What the engine is about to do with articles that are new. Its states in between must not outlive a deployment
 * that fails: an announcement is followed by the call for its article, a removal from the state by a creation.
 */
export class UnderWay {
  readonly #context: Pick<ProviderContext, "clock" | "poll">;
  /** What is going to be announced or cleared, and since when. */
  readonly #planned = new Map<string, number>();
  /** Articles that were announced or cleared, and that the engine has not called for yet, and since when. */
  readonly #awaited = new Map<string, number>();
  /** The longest time from an announcement to the call for its article: the engine saves the state in between. */
  #slowest: number | undefined;
  /** When an engine that stops after errors has stopped. */
  #stopped = Number.NEGATIVE_INFINITY;

  constructor(context: Pick<ProviderContext, "clock" | "poll">) {
    this.#context = context;
  }

  /**
   * An article is going to be announced or cleared. After a failure this resolves only when an engine that stops
   * after errors has stopped, so that it does not begin: it saves the failure first, and goes on meanwhile.
   */
  async plan(id: string): Promise<void> {
    const begin = () => void this.#planned.set(id, this.#now());
    // Nothing comes between a look at the time and what it leads to, here and where a failure is passed on.
    const go = async () => {
      if (this.#now() < this.#stopped) return undefined;
      begin();
      return true;
    };
    // An interrupted engine begins nothing.
    await this.#context.poll(go, PACE).catch(begin);
  }

  /** It is not going to be announced, or has been. */
  drop(id: string): void {
    this.#planned.delete(id);
  }

  /** The article is announced, or removed from the state. */
  expectCall(id: string): void {
    this.#awaited.set(id, this.#now());
  }

  /** The engine has called for the article, or nothing is done for it. */
  endExpecting(id: string): void {
    const since = this.#awaited.get(id);
    if (since !== undefined) this.#slowest = Math.max(this.#slowest ?? 0, this.#now() - since);
    this.#awaited.delete(id);
  }

  /** Resolves when a failure may be passed on, after which the engine may start nothing any more. */
  async passFailureOn(): Promise<void> {
    const pass = async () => {
      if (this.#isAny(this.#awaited, PATIENCE)) return undefined;
      if (this.#isAny(this.#planned, Math.max(PATIENCE_WITH_PLANNED, this.#stopping()))) return undefined;
      this.#stopped = this.#now() + this.#stopping();
      return true;
    };
    // An interrupted run starts nothing any more.
    await this.#context.poll(pass, PACE).catch(() => undefined);
  }

  /** How long the engine may take to stop: about as long as it took to save an announcement and go on. */
  #stopping(): number {
    if (this.#slowest === undefined) return STOPPING.unknown;
    return Math.min(Math.max(2 * this.#slowest, STOPPING.least), STOPPING.most);
  }

  #isAny(times: ReadonlyMap<string, number>, patience: number): boolean {
    return [...times.values()].some((since) => this.#now() - since < patience);
  }

  #now(): number {
    return this.#context.clock.now();
  }
}
