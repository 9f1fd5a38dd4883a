import * as pulumi from "@pulumi/pulumi";
import { frozenReason, lastDayOf } from "../../components/calendar/frozen-reason.ts";
import type { Occurrence } from "../../components/calendar/occurrence.ts";
import type { OverrideOutput } from "../outputs/outputs.ts";
import { type Gate, isHeld } from "../promotion/gate.ts";
import type { Frozen } from "./frozen.ts";

/** What is known of something that may be frozen. */
interface Affected {
  /** Whether the stack has deployed it before. */
  readonly deployed: boolean;
  /** Whether what is wanted differs from what is deployed; undefined where that can't be known. */
  readonly differs: boolean | undefined;
}

/** What may not change at the moment of a run, unless a person goes on with a reason. */
export class Freeze {
  /** What is frozen. */
  readonly frozen: Frozen;
  readonly #through: string | undefined;
  readonly #overrides: Record<string, OverrideOutput> = {};

  /** @param through why a person deploys also what is frozen */
  constructor(frozen: Frozen, through?: string) {
    this.frozen = frozen;
    this.#through = through;
  }

  /** Whether a person deploys also what is frozen. */
  get isPassed(): boolean {
    return this.#through !== undefined;
  }

  /**
   * The gate of something that an event freezes: it stays exactly as it is, and where it would not change anyway,
   * nobody is told. What another gate holds already stays so, for that reason.
   * @param id as holds have it, such as `hub/campus/prod`
   * @param by the event; undefined where none freezes it
   */
  decide<T>(id: string, by: Occurrence | undefined, gate: Gate<T>, { deployed, differs }: Affected): Gate<T> {
    if (!by || isHeld(gate)) return gate;
    const hold = frozenReason(by);
    if (this.#through !== undefined) {
      if (differs !== false) this.#note(id, by, hold, this.#through);
      return gate;
    }
    if (differs === false) return { hold, deployed, calm: true };
    return { hold: differs === undefined ? `${hold}, should it change` : hold, deployed };
  }

  /** What went on although it is frozen, by the ID that its hold would have. */
  get outputs(): Readonly<Record<string, OverrideOutput>> {
    return this.#overrides;
  }

  #note(id: string, by: Occurrence, hold: string, reason: string): void {
    const until = lastDayOf(by);
    pulumi.log.warn(`${id} goes through the gate until ${until}, although ${hold}: ${reason}`);
    this.#overrides[id] = { reason, until };
  }
}
