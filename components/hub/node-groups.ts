import { z } from "zod";
import { LecternError, type Problem } from "../problem/problem.ts";
import { parseYaml } from "../problem/yaml-file.ts";
import { zodProblems } from "../problem/zod.ts";

const labelName = /^([a-z0-9]([a-z0-9.-]*[a-z0-9])?\/)?[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/;
const labelValue = /^([A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?)?$/;
const key = z.string().regex(labelName, "expected the name of a Kubernetes label");
const value = z.string().regex(labelValue, "expected the value of a Kubernetes label, a string");

const toleration = z
  .strictObject({
    key: key.optional(),
    operator: z.enum(["Exists", "Equal"]).optional(),
    value: value.optional(),
    effect: z.enum(["NoSchedule", "PreferNoSchedule", "NoExecute"]).optional(),
    tolerationSeconds: z.int().optional(),
  })
  .refine((it) => it.operator !== "Exists" || it.value === undefined, {
    path: ["value"],
    error: "a toleration with the operator Exists takes no value",
  })
  .refine((it) => it.operator === "Exists" || it.key !== undefined, {
    path: ["key"],
    error: "a toleration without a key needs the operator Exists",
  });

const requirement = z.strictObject({
  key,
  operator: z.enum(["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"]),
  values: z.array(value).optional(),
});
const term = z.strictObject({
  matchExpressions: z.array(requirement).optional(),
  matchFields: z.array(requirement).optional(),
});

/** The part of a pod's affinity that speaks of nodes, as Kubernetes writes it. */
const affinity = z.strictObject({
  nodeAffinity: z.strictObject({
    requiredDuringSchedulingIgnoredDuringExecution: z
      .strictObject({ nodeSelectorTerms: z.array(term).min(1) })
      .optional(),
    preferredDuringSchedulingIgnoredDuringExecution: z
      .array(z.strictObject({ weight: z.int().min(1).max(100), preference: term }))
      .optional(),
  }),
});

/** One group of nodes, as `node-groups.json` lists it: the configurator's three fields, and two more. */
const nodeGroup = z.strictObject({
  slug: z
    .string()
    .regex(/^[-\w]{1,63}$/, "expected letters, digits, - and _, at most 63")
    .describe("Its name in profiles.yaml; never changed"),
  display_name: z.string().min(1).describe("What users read"),
  node_selector: z.record(key, value).describe("The labels that its nodes have"),
  tolerations: z.array(toleration).optional().describe("The taints of its nodes that its pods bear"),
  affinity: affinity.optional().describe("Further wishes on its nodes, as Kubernetes writes them"),
});

const nodeGroupsFile = z.array(nodeGroup);

export type NodeGroup = z.output<typeof nodeGroup>;

/**
 * The node groups of a cluster, from the file that the infrastructure writes.
 * @throws {LecternError} with every problem of every entry, such as `[1].node_selector: required`
 */
export function readNodeGroups(text: string, file: string): NodeGroup[] {
  const { value: written, problems: syntax, locate } = parseYaml(text, file);
  if (syntax.length > 0) throw new LecternError(syntax);
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
      message: `the slug ${JSON.stringify(parsed.data[index]?.slug)} stands here for the second time`,
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
