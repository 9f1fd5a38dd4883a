import { z } from "zod";
import { HUB_TOLERATIONS, toleration } from "./node-groups/node-groups-placement.ts";

/** Debian's and Alpine's busybox are dynamic; this one runs in any image. */
const PAUSE_IMAGE =
  "docker.io/library/busybox@sha256:19b646668802469d968a05342a601e78da4322a414a7c09b1c9ee25165042138";

const clusterSettings = z.strictObject({
  context: z
    .string()
    .min(1)
    .optional()
    .describe(
      "The context in the kubeconfig of whoever deploys. Default: its current one, or lectern:kubeconfigs",
    ),
  contact: z
    .boolean()
    .default(true)
    .describe(
      "Whether the cluster is asked about its releases. Where false, nothing left by a killed run is repaired, no drift is found, and a hub counts as healthy once it is deployed",
    ),
  domains: z
    .boolean()
    .default(true)
    .describe(
      "Whether hubs are reached at their domains. Where false, their health is asked through the cluster's API",
    ),
  namespace: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, "expected a namespace's name")
    .default("jupyterhub")
    .describe("Where the prepuller runs"),
  patience: z
    .number()
    .min(0)
    .default(600)
    .describe(
      "Seconds to wait until every node holds every image; 0 doesn't wait, and doesn't contact the cluster",
    ),
  toleratedFailures: z
    .union([
      z.int().min(0),
      z.string().regex(/^(100|\d{1,2})%$/, "expected a number of nodes, or a share such as 5%"),
    ])
    .default(0)
    .describe(
      "How many nodes of each DaemonSet may lack images in the end, as a number or a share such as `5%`, rounded down. They are reported, and the deployment goes on",
    ),
  pullSpread: z
    .int()
    .min(0)
    .max(86_400)
    .default(0)
    .describe(
      "Seconds over which the nodes begin to pull, each after a share of them that its name decides; `patience` begins after them. 0: all nodes begin at once",
    ),
  carrier: z
    .string()
    .regex(/@sha256:[0-9a-f]{64}$/, "expected an image by its digest")
    .default(PAUSE_IMAGE)
    .describe("A small image with a static /bin/busybox, lent to images that have no shell"),
  pullSecrets: z
    .array(z.string())
    .default([])
    .describe("Secrets of the namespace that give access to the registries"),
  userTolerations: z
    .array(toleration)
    .default([...HUB_TOLERATIONS])
    .describe(
      "What every user's pod of the cluster's hubs tolerates, and the prepuller's too. A profile's node group adds its own. Default: what Zero to JupyterHub sets, the taints `hub.jupyter.org/dedicated` and `hub.jupyter.org_dedicated`",
    ),
  priorityClassName: z.string().min(1).optional().describe("Priority of the prepuller's pods"),
});

/** The slice of a stack's configuration that clusters use: every key is below `lectern:`. */
export const clusterConfig = {
  clusters: z
    .record(z.string(), clusterSettings)
    .default({})
    .describe("How individual clusters of the catalog are reached, by the folder's name"),
  tickImage: z
    .string()
    .regex(/^[^\s@]+(:[\w.-]+|@sha256:[0-9a-f]{64})$/, "expected an image with its tag or digest")
    .optional()
    .describe(
      "The image of the command line, which runs `lectern tick` in clusters whose hubs have events in the calendar. Default: the one that was released with this version",
    ),
  kubeconfigs: z.record(z.string(), z.string().min(1)).optional().meta({
    description:
      "Kubeconfigs by cluster, as one JSON object that maps the folder's name in the catalog to the file's text. A secret: `pulumi config set --secret lectern:kubeconfigs`. Default: the kubeconfig of whoever deploys",
    secret: true,
  }),
};

/** The settings of a cluster that the configuration does not name. */
export const DEFAULT_CLUSTER = clusterSettings.parse({});
