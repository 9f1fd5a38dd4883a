import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { OverrideOutput } from "../outputs/outputs.ts";
import { type Gate, isHeld } from "./gate.ts";

/** A day without quotes is a point in time to the Pulumi CLI, which hands it over as Go writes it. */
const dayOf = (text: string) => text.replace(/ 00:00:00 \+0000 UTC$/, "");

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
        until: z
          .string()
          .overwrite(dayOf)
          .check(z.iso.date())
          .describe("The last day on which it holds, in UTC, such as 2026-12-24"),
      }),
    )
    .default({})
    .describe(
      "What is deployed although it is held, by the ID that holds have: in prod what staging does not prove, such as hub/campus/prod, and in staging the image of a kernel on which notebooks fail, such as kernel/python-science, or the update of a course whose notebooks fail, such as course/bell-states. For the day on which a vulnerability is published",
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
