import * as pulumi from "@pulumi/pulumi";
import { LecternError } from "../../components/problem/problem.ts";
import { type Clock, systemClock } from "../../components/resource/context/clock.ts";
import type { FreezeConfig } from "./config.ts";

/**
 * The moment that a run decides by, in milliseconds since the epoch: one for everything in it. A preview may be of
 * another moment than now.
 * @throws {LecternError} where a deployment would be of another moment
 */
export function momentOf({ at }: Pick<FreezeConfig, "at">, clock: Pick<Clock, "now"> = systemClock): number {
  if (at === undefined) return clock.now();
  if (!pulumi.runtime.isDryRun()) throw new LecternError(onlyNow());
  pulumi.log.warn(`lectern:at is set: this plan shows what depends on time as of ${at}`);
  return Date.parse(at);
}

const onlyNow = () => ({
  code: "other-moment",
  severity: "error" as const,
  path: "lectern:at",
  message: "a deployment takes place now, and at no other time",
  remedy: "Remove lectern:at; it is for previews",
});
