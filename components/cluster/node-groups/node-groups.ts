import { z } from "zod";
import { LecternError, type Problem } from "../../problem/problem.ts";
import { zodProblems } from "../../problem/zod.ts";
import { parseStrictJson } from "./node-groups-json.ts";
import { affinity, nodeSelector, resourceName, toleration } from "./node-groups-placement.ts";
import { QUANTITY } from "./quantity.ts";

/** Amounts of what a node has, as Kubernetes writes them. */
const resources = z.record(
  resourceName,
  z.union([
    z.number().nonnegative(),
    z.string().regex(QUANTITY, "expected a quantity of Kubernetes, such as 8, 500m or 32Gi"),
  ]),
);

/** One group of nodes, as `node-groups.json` lists it: the configurator's three fields, and five more. */
const nodeGroup = z.strictObject({
  slug: z
    .string()
    .regex(/^[-\w]{1,63}$/, "expected letters, digits, - and _, at most 63")
    .describe("Its name in profiles.yaml; never changed"),
  display_name: z.string().min(1).describe("What users read"),
  node_selector: nodeSelector.describe("The labels that its nodes have"),
  tolerations: z.array(toleration).optional().describe("The taints of its nodes that its pods tolerate"),
  affinity: affinity.optional().describe("Further requirements on its nodes, as Kubernetes writes them"),
  capacity: resources
    .optional()
    .describe(
      "What each of its nodes has, as in `kubectl get node -o yaml` under status.capacity: cpu, memory, nvidia.com/gpu. Sizes are suggested by it; it deploys nothing",
    ),
  reserved: resources
    .optional()
    .describe("What of it is not for users' servers: the system, the kubelet, DaemonSets. Default: nothing"),
  max_nodes: z
    .int()
    .nonnegative()
    .optional()
    .describe(
      "How many nodes it may have at most, as its autoscaler has it. A preflight of events counts with it",
    ),
});

const nodeGroupsFile = z.array(nodeGroup);

export type NodeGroup = z.output<typeof nodeGroup>;

/**
 * The node groups of a cluster, from the file that the infrastructure writes.
 * @throws {LecternError} with every problem of every entry, such as `[1].node_selector: required`
 */
export function readNodeGroups(text: string, file: string): NodeGroup[] {
  const { value: written, locate } = parseStrictJson(text, file);
  const parsed = nodeGroupsFile.safeParse(written);
  if (!parsed.success) {
    const known = (path: readonly PropertyKey[]) => (path.length === 1 ? Object.keys(nodeGroup.shape) : []);
    throw new LecternError(zodProblems(parsed.error, { file, locate, known }));
  }
  const problems = duplicateSlugs(parsed.data).map(
    (index): Problem => ({
      code: "duplicate-slug",
      severity: "error",
      file,
      path: `[${index}].slug`,
      ...locate([index, "slug"]),
      message: `the slug ${JSON.stringify(parsed.data[index]?.slug)} is already used above`,
      remedy: "Give each node group a slug of its own",
    }),
  );
  if (problems.length > 0) throw new LecternError(problems);
  return parsed.data;
}

/** The JSON Schema of `node-groups.json`, for editors and for whoever writes it. */
export function nodeGroupsJsonSchema(): Record<string, unknown> {
  return { title: "The node groups of a cluster", ...z.toJSONSchema(nodeGroupsFile, { io: "input" }) };
}

function duplicateSlugs(groups: readonly NodeGroup[]): number[] {
  const slugs = groups.map(({ slug }) => slug);
  return slugs.flatMap((slug, index) => (slugs.indexOf(slug) < index ? [index] : []));
}
