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
};

/** The custom resource `HubRetirement`: stops what a release runs, and keeps the volumes of its namespace. */
export const hubRetirementContract = {
  kind: "HubRetirement",
  inputs: z.object(target),
  state: z.object({
    ...target,
    /** What was scaled to zero: `Deployment hub`. */
    stopped: z.array(z.string()),
    /** The PersistentVolume of each claim; no deletion of the claim deletes it. */
    volumes: z.array(z.object({ claim: z.string(), volume: z.string() })),
  }),
};
