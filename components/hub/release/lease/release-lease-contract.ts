import { z } from "zod";
import { releaseChange } from "../release-target.ts";

/** The custom resource `ReleaseLease`: holds a release for this run, and heals what a killed one left of it. */
export const releaseLeaseContract = {
  kind: "ReleaseLease",
  inputs: z.object(releaseChange),
  state: z.object({
    ...releaseChange,
    /** What was healed for the last change, in words. */
    healed: z.array(z.string()).default([]),
  }),
};
