import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { OverrideOutput } from "../outputs.ts";
import { type Gate, isHeld } from "./gate.ts";

/** `lectern:override`: what goes through the gate for a while, and why. */
export const overrideConfig = {
  override: z
    .record(
      z
        .string()
        .regex(
          /^(course|blog|kernel|images|image|hub)\/./,
          "expected course/…, blog/…, kernel/…, images/…, image/… or hub/…",
        ),
      z.strictObject({
        reason: z.string().min(1).describe("Why, for those who read the plan"),
        until: z.iso.date().describe("The last day on which it holds, in UTC, such as 2026-12-24"),
      }),
    )
    .default({})
    .describe(
      "Prod only: what is deployed although staging does not prove it, by the ID that holds have, such as hub/campus/prod. For the day on which a vulnerability is published",
    ),
};

export type OverrideConfig = z.output<typeof overrideConfig.override>;

/** What a person lets through the gate, until a day. */
export class Overrides {
  readonly #config: OverrideConfig;
  readonly #today: string;
  readonly #used: Record<string, OverrideOutput> = {};

  /** @param now milliseconds since the epoch */
  constructor(config: OverrideConfig, now: number) {
    this.#config = config;
    this.#today = new Date(now).toISOString().slice(0, 10);
    for (const [id, { until }] of Object.entries(config)) {
      if (until < this.#today)
        pulumi.log.warn(`lectern:override.${id} ended on ${until} and has no effect any more. Remove it.`);
    }
  }

  /** The gate of something, or what is used in its place where a person said so. */
  decide<T, R>(id: string, gate: Gate<T>, use: () => R): Gate<T> | R {
    const override = Object.hasOwn(this.#config, id) ? this.#config[id] : undefined;
    if (!isHeld(gate) || !override || override.until < this.#today) return gate;
    pulumi.log.warn(
      `${id} goes through the gate until ${override.until}, although ${gate.hold}: ${override.reason}`,
    );
    this.#used[id] = override;
    return use();
  }

  /** What went through in this run, by ID. */
  get outputs(): Readonly<Record<string, OverrideOutput>> {
    return this.#used;
  }
}
