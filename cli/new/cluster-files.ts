/** The files of a new cluster, by name: one image for everybody, on the nodes that are for users. */
export function clusterFiles(): Record<string, string> {
  return { "images.yaml": IMAGES, "node-groups.json": NODE_GROUPS, "profiles.yaml": PROFILES };
}

const IMAGES = `# Which images the hub's menu offers and every node holds ready.
# One entry per repository; profiles.yaml refers to an entry by its key.

science:
  # Replace it with yours, such as ghcr.io/my-university/lab. The sandbox has images for this one.
  repository: lectern/science-lab
  # The moving tag. To promote another image, change \`recommended\` below: one reviewed line.
  alias: recommended
  policy:
    recommended: w_2026_10
    releases: 1
    weeklies: 2
    dailies: 0
    pin: []
`;

const NODE_GROUPS = `[
  {
    "slug": "standard",
    "display_name": "Standard nodes",
    "node_selector": { "hub.jupyter.org/node-purpose": "user" }
  }
]
`;

const PROFILES = `# What students choose from when they start a server: KubeSpawner's profile_list.
# \`node_groups\` are slugs of node-groups.json, \`images\` an entry of images.yaml: its whole menu.

- display_name: Standard
  slug: standard
  description: For lectures and homework.
  default: true
  node_groups: standard
  images: science
  kubespawner_override:
    cpu_guarantee: 0.5
    cpu_limit: 2
    mem_guarantee: 1G
    mem_limit: 4G
`;
