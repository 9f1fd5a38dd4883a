import { z } from "zod";

/** Where a release is: inputs that every custom resource of a hub takes, and most keep. */
export const releaseTarget = {
  /** The cluster's name in the catalog: the key of its kubeconfig. */
  cluster: z.string(),
  /** The context of that kubeconfig, where not its current one is meant. */
  context: z.string().optional(),
  /** The kubeconfig's file, relative to the project. */
  kubeconfig: z.string().optional(),
  namespace: z.string(),
  release: z.string(),
};
