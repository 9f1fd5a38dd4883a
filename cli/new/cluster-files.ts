/**
 * The files of a new cluster, by name: a staging hub and a production hub that it proves, one image for everybody,
 * on the nodes that are for users.
 * @param name the cluster's
 * @param charts those of the catalog
 */
export function clusterFiles(name: string, charts: readonly string[]): Record<string, string> {
  return {
    "cluster.yaml": clusterYaml(name, charts),
    "common.yaml": COMMON,
    "staging.yaml": STAGING,
    "prod.yaml": PROD,
    "images.yaml": IMAGES,
    "node-groups.json": NODE_GROUPS,
    "profiles.yaml": PROFILES,
  };
}

/** What the chart of a hub is usually called, first choice first. */
const HUB_CHARTS = ["hub", "jupyterhub", "basehub"];
const SUPPORT_CHART = "support";

/** Zero to JupyterHub, for a catalog that has no chart of its own. */
const REMOTE_CHART = "{ repository: https://hub.jupyter.org/helm-chart/, name: jupyterhub, version: 4.4.0 }";

/** @param charts those of the catalog: one of them is the hubs', and `support`, where there is one, the cluster's */
function clusterYaml(name: string, charts: readonly string[]): string {
  const others = charts.filter((chart) => chart !== SUPPORT_CHART);
  const chart = HUB_CHARTS.find((known) => charts.includes(known)) ?? others[0] ?? REMOTE_CHART;
  const support = charts.includes(SUPPORT_CHART) ? `${SUPPORT}\nsupport:\n  chart: ${SUPPORT_CHART}\n` : "";
  return CLUSTER.replace("CONTEXT", name).replace("SUPPORT", support).replaceAll("CHART", chart);
}

const SUPPORT = `
# What the cluster runs beside its hubs, and before them.`;

const CLUSTER = `# The cluster and its hubs. Every other file of this folder is named here, except for images.yaml, node-groups.json
# and profiles.yaml, which each hub gets.

provider:
  # Of the kubeconfig of whoever deploys; the secret lectern:kubeconfigs takes precedence.
  context: CONTEXT
SUPPORT
# Values of every hub, then those of its environment: later ones win, as \`helm --values\` merges them.
values: [common.yaml]
environments:
  staging:
    values: [staging.yaml]
  prod:
    values: [prod.yaml]

hubs:
  # Each change arrives here first.
  - name: staging
    chart: CHART

  # And here once the staging hub is healthy with it.
  - name: prod
    chart: CHART
`;

const COMMON = `# What every hub has: a change is proven in staging before it reaches production.
hub:
  config:
    JupyterHub:
      # How users log in, such as github. With this one, nobody may until Authenticator says who.
      authenticator_class: dummy
`;

const STAGING = `# What only staging hubs have.
singleuser:
  memory:
    guarantee: 512M
`;

const PROD = `# What only production hubs have.
singleuser:
  memory:
    guarantee: 1G
`;

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
