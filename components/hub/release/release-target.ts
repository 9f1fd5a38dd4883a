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

/** What Helm will change of a release, and how: inputs of the resources before and after it. */
export const releaseChange = {
  ...releaseTarget,
  /** A digest of what is released: it differs where the release will change. */
  change: z.string(),
  /** Seconds for which Helm waits at each of its steps. */
  timeout: z.number().optional(),
  /** How many revisions Helm keeps. */
  maxHistory: z.number().optional(),
};

const SETTINGS = ["timeout", "maxHistory"] as const;
type ReleaseSettings = Readonly<Partial<Record<(typeof SETTINGS)[number], unknown>>>;

/** Whether a setting of a release differs from the one that it was deployed with, where that is known. */
export const hasOtherSettings = (deployed: ReleaseSettings, wanted: ReleaseSettings): boolean =>
  SETTINGS.some((key) => deployed[key] !== undefined && deployed[key] !== wanted[key]);
