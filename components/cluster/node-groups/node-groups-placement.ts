import { z } from "zod";

// What a Kubernetes API server takes of labels, tolerations and node affinity, and nothing else: a
// manifest that it refuses would stop a deployment in its middle. The rules are those of Kubernetes'
// pkg/apis/core/validation; a JSON Schema can't express them all, so some are refinements.

const subdomain = String.raw`[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*`;
const labelName = new RegExp(
  String.raw`^((?=[^/]{1,253}/)${subdomain}/)?[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$`,
);
const labelValue = /^([A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?)?$/;
const key = z.string().regex(labelName, "expected the name of a Kubernetes label");
const value = z.string().regex(labelValue, "expected the value of a Kubernetes label, a string");

/** The name of what a node has: `cpu`, `memory`, `nvidia.com/gpu`. */
export const resourceName = z.string().regex(labelName, "expected the name of a Kubernetes resource");

/** Labels of nodes. */
export const nodeSelector = z.record(key, value);

/** A taint that pods bear, as Kubernetes writes it. */
export const toleration = z
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
  })
  .refine((it) => it.tolerationSeconds === undefined || it.effect === "NoExecute", {
    path: ["tolerationSeconds"],
    error: "only a toleration of the effect NoExecute has a time",
  });

export type Toleration = z.output<typeof toleration>;

const dedicated = (key: string): Toleration => ({
  key,
  operator: "Equal",
  value: "user",
  effect: "NoSchedule",
});

/** What every user's pod of a hub tolerates that Zero to JupyterHub deploys: nodes that are for users alone. */
export const HUB_TOLERATIONS: readonly Toleration[] = [
  dedicated("hub.jupyter.org/dedicated"),
  dedicated("hub.jupyter.org_dedicated"),
];

const expression = z
  .strictObject({
    key,
    operator: z.enum(["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"]),
    values: z.array(value).optional(),
  })
  .superRefine(({ operator, values = [] }, context) => {
    const wrong = wrongValues(operator, values);
    if (wrong) context.addIssue({ code: "custom", path: ["values"], message: wrong });
  });

function wrongValues(operator: string, values: readonly string[]): string | undefined {
  const [first, ...others] = values;
  switch (operator) {
    case "In":
    case "NotIn":
      return first === undefined ? `the operator ${operator} needs one value or more` : undefined;
    case "Gt":
    case "Lt":
      return first !== undefined && others.length === 0 && isInteger(first)
        ? undefined
        : `the operator ${operator} needs one integer, written as a string`;
    default:
      return first === undefined ? undefined : `the operator ${operator} takes no values`;
  }
}

/** As the scheduler reads it: of 64 bits. A label's value has no sign. */
export const isInteger = (text: string) => /^\d+$/.test(text) && BigInt(text) < 2n ** 63n;

const field = z.strictObject({
  key: z.literal("metadata.name", "the only field that can be matched is metadata.name"),
  operator: z.enum(["In", "NotIn"], "a field is matched with In or NotIn"),
  values: z
    .array(
      z
        .string()
        .max(253)
        .regex(new RegExp(`^${subdomain}$`), "expected the name of a node"),
    )
    .length(1, "expected exactly one name of a node"),
});

const term = z.strictObject({
  matchExpressions: z.array(expression).optional(),
  matchFields: z.array(field).optional(),
});

/** The part of a pod's affinity that speaks of nodes, as Kubernetes writes it. */
export const affinity = z.strictObject({
  nodeAffinity: z.strictObject({
    requiredDuringSchedulingIgnoredDuringExecution: z
      .strictObject({ nodeSelectorTerms: z.array(term).min(1) })
      .optional(),
    preferredDuringSchedulingIgnoredDuringExecution: z
      .array(z.strictObject({ weight: z.int().min(1).max(100), preference: term }))
      .optional(),
  }),
});
