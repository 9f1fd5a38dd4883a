import { z } from "zod";
import { releaseTarget } from "../release-target.ts";

const target = {
  ...releaseTarget,
  /** A digest of what is released: it differs where the release will change. */
  change: z.string(),
};

/** The custom resource `ReleaseLease`: holds a release for this run, and heals what a killed one left of it. */
export const releaseLeaseContract = {
  kind: "ReleaseLease",
  inputs: z.object(target),
  state: z.object({
    ...target,
    /** What was healed for the last change, in words. */
    healed: z.array(z.string()).default([]),
  }),
};
