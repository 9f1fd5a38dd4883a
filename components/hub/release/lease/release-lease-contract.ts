import { z } from "zod";

const target = {
  /** The cluster's name in the catalog: the key of its kubeconfig. */
  cluster: z.string(),
  /** The context of that kubeconfig, where not its current one is meant. */
  context: z.string().optional(),
  /** The kubeconfig's file, relative to the project. */
  kubeconfig: z.string().optional(),
  namespace: z.string(),
  release: z.string(),
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
