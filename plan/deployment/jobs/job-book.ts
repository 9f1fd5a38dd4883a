import type { Cause } from "../changes/cause.ts";

/** Collects jobs of one kind: each once, with every reason once, in the order in which they came. */
export class JobBook<J extends object> {
  readonly #jobs = new Map<string, { readonly job: J; readonly reasons: Set<string>; isRemoved: boolean }>();
  readonly #used: Set<string>;

  /** @param used where the changed paths go that became a reason */
  constructor(used: Set<string>) {
    this.#used = used;
  }

  /** Adds a job, unless there is no cause for it. */
  add(id: string, job: J, causes: readonly Cause[], isRemoved = false): void {
    if (causes.length === 0) return;
    const known = this.#jobs.get(id) ?? { job, reasons: new Set<string>(), isRemoved };
    this.#jobs.set(id, known);
    for (const { text, paths } of causes) {
      known.reasons.add(text);
      for (const path of paths) this.#used.add(path);
    }
  }

  has(id: string): boolean {
    return this.#jobs.has(id);
  }

  /** The jobs, sorted by their IDs. */
  get jobs(): (J & { readonly reasons: readonly string[]; readonly removed?: true })[] {
    const sorted = [...this.#jobs].sort(([a], [b]) => (a < b ? -1 : 1));
    return sorted.map(([, { job, reasons, isRemoved }]) => ({
      ...job,
      reasons: [...reasons],
      ...(isRemoved ? { removed: true as const } : {}),
    }));
  }
}
