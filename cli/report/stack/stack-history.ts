import { z } from "zod";
import type { MapDeployment } from "../../../plan/map/map-file.ts";
import { instantOf } from "./stack-state.ts";

/** What is read of an update. Its configuration and messages are left where they are: people write anything into them. */
const updateSchema = z.object({
  kind: z.string(),
  startTime: z.string().optional(),
  endTime: z.string(),
  result: z.string().optional(),
  resourceChanges: z.record(z.string(), z.number()).nullish(),
  environment: z.record(z.string(), z.unknown()).nullish(),
});

const COMMIT = /^[0-9a-f]{40}([0-9a-f]{24})?$/;

/** The deployments in what `pulumi stack history --json` prints, newest first. One that runs has not ended. */
export function parseHistory(document: unknown): MapDeployment[] {
  return z
    .array(z.unknown())
    .catch([])
    .parse(document)
    .flatMap((raw): MapDeployment[] => {
      const { data: update } = updateSchema.safeParse(raw);
      const at = instantOf(update?.endTime);
      if (!update || at === undefined || update.result === "in-progress") return [];
      const begun = instantOf(update.startTime);
      const commit = update.environment?.["git.head"];
      return [
        {
          at,
          ...(begun === undefined ? {} : { begun }),
          kind: update.kind,
          ...(update.result === undefined ? {} : { result: update.result }),
          ...(update.resourceChanges ? { counts: update.resourceChanges } : {}),
          ...(typeof commit === "string" && COMMIT.test(commit) ? { commit } : {}),
          changes: [],
        },
      ];
    });
}

/** Whether a deployment changed something. */
export const changedSomething = ({ counts = {} }: MapDeployment): boolean =>
  Object.entries(counts).some(
    ([op, count]) => op !== "same" && op !== "read" && op !== "refresh" && count > 0,
  );
