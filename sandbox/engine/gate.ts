/**
 * Decides whether a step may still start. After the first failure none does, unless the run goes on
 * after errors or only previews; after a cancellation none does.
 */
export class Gate {
  /** Failed and skipped resources: what depends on them is skipped too. */
  readonly failed = new Set<string>();
  readonly #goOn: boolean;
  #cancelled = false;
  #running = 0;
  #idle: (() => void)[] = [];

  constructor(goOn: boolean) {
    this.#goOn = goOn;
  }

  get cancelled(): boolean {
    return this.#cancelled;
  }

  get open(): boolean {
    return !this.#cancelled && (this.#goOn || this.failed.size === 0);
  }

  get goesOn(): boolean {
    return this.#goOn;
  }

  cancel(): void {
    this.#cancelled = true;
    this.#settle();
  }

  fail(urn: string): void {
    this.failed.add(urn);
    this.#settle();
  }

  /** Counts a piece of work, so that a closed run knows when the last one is done. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#running++;
    try {
      return await work();
    } finally {
      this.#running--;
      this.#settle();
    }
  }

  /** Resolves once the gate is closed and nothing runs any more; never where it stays open. */
  closedAndIdle(): Promise<void> {
    return new Promise((resolve) => {
      this.#idle.push(resolve);
      this.#settle();
    });
  }

  #settle(): void {
    if (this.open || this.#running > 0) return;
    for (const resolve of this.#idle.splice(0)) resolve();
  }
}
