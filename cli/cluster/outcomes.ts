import type { Outcome } from "../outcome.ts";

/** How the commands of `lectern cluster` end. */
export const CLUSTER_OUTCOMES: Readonly<Record<string, Outcome>> = {
  "cluster rbac": {
    examples: [
      "cluster rbac campus",
      "cluster rbac campus --prod User:deploy@my-project.iam.gserviceaccount.com",
    ],
    success: "the manifests are printed",
    failure:
      "the catalog has no such cluster, or its cluster.yaml has a problem; nothing is printed on standard output",
  },
};
