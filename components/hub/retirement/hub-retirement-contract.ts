import { z } from "zod";
import { releaseTarget } from "../release/release-target.ts";

/** The custom resource `HubRetirement`: stops what a release runs, and keeps the volumes of its namespace. */
export const hubRetirementContract = {
  kind: "HubRetirement",
  inputs: z.object(releaseTarget),
  state: z.object({
    ...releaseTarget,
    /** What was scaled to zero: `Deployment hub`. */
    stopped: z.array(z.string()),
    /** The PersistentVolume of each claim; no deletion of the claim deletes it. */
    volumes: z.array(z.object({ claim: z.string(), volume: z.string() })),
  }),
};
