import { z } from "zod";
import { chartSchema } from "../../hub/chart/chart-reference.ts";
import { keysKnownTo } from "../../problem/known-keys.ts";
import { delegateSchema } from "./delegate-schema.ts";

const dnsLabel = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,51}[a-z0-9])?$/, "expected lower-case letters, digits and -, at most 53");
const file = z
  .string()
  .regex(
    /^(?!\/)(?!(?:.*\/)?\.\.(?:\/|$)).+$/,
    "expected a file of this folder, by its path relative to cluster.yaml",
  );
const files = z.array(file).default([]);
const values = files.describe("Values files of this folder, later ones over earlier ones");
const secrets = files.describe("Values files that are encrypted with sops, over all other values");
const timeout = z
  .int()
  .min(1)
  .max(3600)
  .default(600)
  .describe("Seconds that an installation or upgrade may take before it is rolled back");
const maxHistory = z.int().min(2).default(10).describe("How many revisions Helm keeps");

const health = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("The hub's address, without /hub. Default: https://<domain>, else through the cluster's API"),
  attempts: z.int().min(1).max(10).default(3).describe("How often the check is tried"),
  limit: z.int().min(1).max(600).default(600).describe("Seconds that all attempts may take together"),
  settle: z
    .number()
    .min(0)
    .max(60)
    .default(2)
    .describe("Minutes for which pods may not restart and servers may not fail to start afterwards"),
  testUser: dnsLabel
    .optional()
    .describe(
      "The user whose server is started and stopped, where lectern:hubTokens has a token of the hub. Default: lectern-health",
    ),
  notebook: file.optional().describe("A notebook of this folder that is executed in that server"),
});

const accepted = z.strictObject({
  object: z
    .string()
    .regex(/^\S+ \S+$/, "expected a kind and a name, such as ConfigMap hub")
    .describe("The object's kind and name"),
  field: z.string().min(1).describe("The field, as the report of the drift names it"),
  reason: z.string().min(1).describe("Why it stays as it is"),
});

const database = z.union(
  [
    z.literal("restored"),
    z.strictObject({
      backup: z.string().min(1).describe("A command that backs the hub's database up, run before an upgrade"),
    }),
  ],
  'expected "restored", or a map with the command `backup`',
);

export const hubSchema = z.strictObject({
  name: dnsLabel.describe("The hub's name, which is its identity in the cluster"),
  chart: chartSchema.describe(
    "A folder of the catalog's charts/, or a chart by repository or OCI reference and exact version",
  ),
  environment: z
    .enum(["staging", "prod"])
    .optional()
    .describe('Default: staging where the name contains "staging", else prod'),
  namespace: dnsLabel.optional().describe("Default: the hub's name"),
  release: dnsLabel.optional().describe("The Helm release. Default: the hub's name"),
  values,
  secrets,
  domain: z
    .string()
    .regex(/^(?=.{1,253}$)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/, "expected a domain name")
    .optional()
    .describe("Where users find it; it belongs to one hub"),
  staging: z
    .union([dnsLabel, z.array(dnsLabel).min(1)], "expected a hub, or a list of hubs")
    .optional()
    .describe("The staging hubs of this cluster that prove this one. Default: all of them"),
  gate: z.literal("none").optional().describe("Production without a staging hub, in so many words"),
  differs: z
    .array(z.string().min(1))
    .default([])
    .describe("What differs from staging on purpose: chart, profiles, images/<name>, or a values file"),
  health: z.union([z.literal(false), health], "expected false, or a map").prefault({}),
  verify: z
    .array(z.string().min(1))
    .default([])
    .describe("Commands that are run after the hub's health was checked; they count towards the gate"),
  hold: z.boolean().default(false).describe("Leaves the hub exactly as it is, without blocking others"),
  retire: z
    .boolean()
    .default(false)
    .describe(
      "Stops the hub, so that the deployment after it is removed from this file removes its release. Its volumes stay",
    ),
  rollback: z
    .boolean()
    .default(false)
    .describe("Deploys the chart, version and values of the last healthy deployment"),
  database: database
    .optional()
    .describe(
      "How the hub's database is backed up before JupyterHub's version moves. Default: a copy of the SQLite file. `restored` confirms, for a rollback, that it was restored",
    ),
  accept: z.array(accepted).default([]).describe("Fields that were edited in the cluster and stay so"),
  timeout,
  maxHistory,
});

const support = z.strictObject({
  chart: chartSchema.describe("The chart of what the cluster runs beside its hubs"),
  namespace: dnsLabel.default("support"),
  release: dnsLabel.default("support").describe("The Helm release"),
  values,
  secrets,
  accept: z.array(accepted).default([]).describe("Fields that were edited in the cluster and stay so"),
  timeout,
  maxHistory,
});

/** `cluster.yaml`. */
export const clusterFileSchema = z.strictObject({
  provider: z
    .strictObject({
      context: z
        .string()
        .min(1)
        .optional()
        .describe("The context of the kubeconfig. Default: its current one"),
      kubeconfig: file
        .optional()
        .describe(
          "A kubeconfig in this folder. Default: that of whoever deploys. The secret lectern:kubeconfigs takes precedence over both",
        ),
      uid: z
        .string()
        .min(1)
        .optional()
        .describe(
          "The UID of the cluster's namespace kube-system: no other cluster is deployed to. Default: that of the last deployment",
        ),
    })
    .prefault({}),
  support: support.optional(),
  values: files.describe("Values files of every hub of the cluster"),
  environments: z
    .strictObject({
      staging: z.strictObject({ values }).prefault({}),
      prod: z.strictObject({ values }).prefault({}),
    })
    .prefault({})
    .describe("Values files of the hubs of an environment"),
  hubs: z.array(hubSchema).default([]),
  delegates: z
    .array(delegateSchema)
    .default([])
    .describe(
      "Who may change profiles.yaml and images.yaml without a review by infrastructure, and within what: `lectern delegate`",
    ),
});

export type ClusterFile = z.output<typeof clusterFileSchema>;
export type WrittenHub = z.output<typeof hubSchema>;
export type SupportSettings = z.output<typeof support>;
export type HealthSettings = z.output<typeof health>;
export type AcceptedField = z.output<typeof accepted>;

/** The keys that a part of `cluster.yaml` takes. */
export const knownClusterKeys = keysKnownTo(clusterFileSchema);

/** The JSON Schema of `cluster.yaml`, for editors. */
export function clusterJsonSchema(): Record<string, unknown> {
  return { title: "A cluster and its hubs", ...z.toJSONSchema(clusterFileSchema, { io: "input" }) };
}
