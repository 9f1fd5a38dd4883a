import type { PlannedPlaceholder } from "../placeholder.ts";

/** A profile on nodes with a taint, whose servers take a GPU. */
export const GPU: PlannedPlaceholder = {
  key: "prod/gpu",
  pod: {
    requests: { cpu: 0.5, memory: 8 * 2 ** 30, "nvidia.com/gpu": 1 },
    nodeSelector: { pool: "gpu" },
    tolerations: [{ key: "nvidia.com/gpu", operator: "Exists" }],
    nodeTerms: [],
    image: undefined,
    isHubs: false,
  },
};

/** The placeholders of a hub's own chart. */
export const OF_CHART: PlannedPlaceholder = {
  key: "prod/standard",
  statefulSet: { namespace: "prod", name: "user-placeholder", replicas: 2 },
};
