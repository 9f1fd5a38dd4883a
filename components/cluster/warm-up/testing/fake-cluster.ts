import { LecternError } from "../../../problem/problem.ts";
import type { Scaler } from "../tick/tick.ts";
import type { Placeholder } from "../windows.ts";

/** A cluster in memory: how many replicas each placeholder has, and how often one was scaled. */
export class FakeCluster implements Scaler {
  readonly has = new Map<string, number>();
  /** Names of placeholders that the API refuses to scale. */
  readonly refuses = new Set<string>();
  writes = 0;

  async replicas({ name }: Placeholder): Promise<number> {
    return this.has.get(name) ?? 0;
  }

  async scale({ name }: Placeholder, replicas: number): Promise<void> {
    if (this.refuses.has(name))
      throw new LecternError({ code: "scale-refused", severity: "error", message: name, remedy: "Wait" });
    this.writes++;
    this.has.set(name, replicas);
  }
}
