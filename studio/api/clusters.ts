import { z } from "zod";
import { problemSchema } from "../../components/problem/problem-schema.ts";

/** `GET /api/clusters`: the clusters of the catalog. */
export const clustersSchema = z.object({
  clusters: z.array(
    z.object({
      name: z.string(),
      hubs: z.array(z.string()),
      hasProfiles: z.boolean(),
      hasImages: z.boolean(),
    }),
  ),
});

const amounts = z.record(z.string(), z.number());

/** A part of a node, as `sharesOf` divides it. */
const shareSchema = z.object({
  servers: z.number(),
  memory: z.string().optional(),
  cpu: z.number().optional(),
  devices: amounts,
});

/** A node group as infrastructure declared it. */
const nodeGroupSchema = z.object({
  slug: z.string(),
  display_name: z.string(),
  node_selector: z.record(z.string(), z.string()),
  /** What servers have of each node; absent where node-groups.json does not say. */
  has: amounts.optional(),
  shares: z.array(shareSchema),
});
export type ApiNodeGroup = z.output<typeof nodeGroupSchema>;

/** What every server of a hub gets unless its profile says otherwise, by KubeSpawner's names. */
const defaultsSchema = z.record(z.string(), z.union([z.string(), z.number()]));

/** `GET /api/clusters/<name>`: what the pages of a cluster need beside its files. */
export const clusterSchema = z.object({
  name: z.string(),
  hubs: z.array(z.object({ name: z.string(), environment: z.string(), defaults: defaultsSchema })),
  nodeGroups: z.array(nodeGroupSchema),
  /** The entries of images.yaml. */
  images: z.array(z.object({ key: z.string(), repository: z.string(), alias: z.string().optional() })),
  /** What keeps a part of it from being read. */
  problems: z.array(problemSchema),
});
export type ApiCluster = z.output<typeof clusterSchema>;
