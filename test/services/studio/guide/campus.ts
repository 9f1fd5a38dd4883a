import { createHash } from "node:crypto";
import { stringify } from "yaml";
import type { Digest } from "../../../../components/digest.ts";
import type { ImageFacts } from "../../../../components/image/registry/registry-facts.ts";

const NODE_GROUPS = [
  ["standard", "Standard nodes", { cpu: "8", memory: "32Gi" }],
  ["high-memory", "High-memory nodes", { cpu: "16", memory: "128Gi" }],
].map(([slug, display_name, capacity]) => ({
  slug,
  display_name,
  node_selector: { pool: slug },
  capacity,
  reserved: { memory: "2Gi" },
}));

const CLUSTER = {
  hubs: [
    { name: "staging", chart: "hub" },
    { name: "prod", chart: "hub", domain: "hub.my-university.example" },
  ],
  delegates: [
    {
      who: ["@ada"],
      nodeGroups: ["standard", "high-memory"],
      images: ["ghcr.io/my-university/*"],
      limits: { cpu: 8, memory: "64G" },
    },
  ],
};

export const PROFILES = "catalog/clusters/campus/profiles.yaml";
export const IMAGES = "catalog/clusters/campus/images.yaml";

/** The project that the guide is walked through in. Its delegate is Ada. */
export const CAMPUS: Readonly<Record<string, string>> = {
  "Pulumi.yaml": "name: teaching\n",
  "Pulumi.staging.yaml": "config: {}\n",
  "Pulumi.prod.yaml": "config: {}\n",
  "index.ts": "",
  "package.json": '{"name": "teaching"}',
  "catalog/charts/hub/Chart.yaml": "apiVersion: v2\nname: hub\nversion: 1.0.0\n",
  "catalog/clusters/campus/cluster.yaml": stringify(CLUSTER),
  "catalog/clusters/campus/node-groups.json": JSON.stringify(NODE_GROUPS),
  [IMAGES]: `# Which images the hub offers.
science:
  repository: ghcr.io/my-university/science
  alias: recommended
  policy:
    recommended: w_2026_10 # reviewed each week
    releases: 1
    weeklies: 2
    dailies: 0
`,
  [PROFILES]: `# What students choose from.

# For lectures.
- display_name: Standard
  description: For lectures and homework.
  default: true
  images: science
  node_groups: standard
  kubespawner_override:
    mem_guarantee: 2G
    mem_limit: 4G # enough for most
- display_name: Large memory
  description: For projects with much data.
  images: science
  node_groups: high-memory
  kubespawner_override:
    mem_guarantee: 16G
    mem_limit: 16G
    default_url: /lab # kept
`,
};

const TAGS = ["w_2026_09", "w_2026_10", "w_2026_11", "r1_0_0", "recommended"];
const digest = (tag: string): Digest => `sha256:${createHash("sha256").update(tag).digest("hex")}`;

/** What an image tells of itself: all have the same base. */
function factsOf(reference: string): ImageFacts {
  const tag = TAGS.find((one) => one === reference || digest(one) === reference) ?? reference;
  const labels = { "org.opencontainers.image.version": tag };
  const layers = [
    { digest: digest("base"), size: 1_200_000_000 },
    { digest: digest(`own ${tag}`), size: 45_000_000 },
  ];
  return { created: undefined, labels, layers };
}

/** Stands in for a registry: these tags, each with a digest of its own. */
export const registryStandIn = async () => ({
  listTags: async () => [...TAGS],
  resolve: async (_: string, tag: string) => digest(tag === "recommended" ? "w_2026_10" : tag),
  imageFacts: async (_: string, reference: string) => factsOf(reference),
  packages: async () => undefined,
});
