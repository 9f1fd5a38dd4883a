import { z } from "zod";

const changeSchema = z.enum(["added", "removed", "changed"]);

const fieldChangeSchema = z.object({
  path: z
    .string()
    .describe("The field's path in the manifest: spec.template.spec.containers[hub].env[LOG_LEVEL].value"),
  change: changeSchema,
  before: z.string().exactOptional().describe("Shortened; a value that is or may be secret is [secret]"),
  after: z.string().exactOptional(),
  generated: z
    .literal(true)
    .exactOptional()
    .describe("The chart generates another value at every rendering, so the value is not known yet"),
  text: z.string().describe("In the field's words: env LOG_LEVEL INFO → DEBUG"),
});

const objectChangeSchema = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  namespace: z.string().exactOptional(),
  name: z.string(),
  hook: z.literal(true).exactOptional().describe("The object is a hook of Helm: it exists while it runs"),
  change: changeSchema,
  fields: z.array(fieldChangeSchema).readonly().describe("Empty for an object that is added or removed"),
});

/** What users can notice of a deployment, the worst first. */
export const EFFECTS = [
  "cannot-apply",
  "data-loss",
  "database-migration",
  "hub-restart",
  "proxy-restart",
  "https-proxy-restart",
  "servers",
  "restart",
  "harmless",
] as const;

const effectSchema = z.object({
  kind: z.enum(EFFECTS).describe("What happens; `cannot-apply` is what Kubernetes refuses"),
  text: z.string().describe("What users notice, one sentence without a full stop"),
});

const valueChangeSchema = z.object({
  path: z.string().describe("The path in the hub's values: singleuser.memory.limit"),
  change: changeSchema,
  before: z.string().exactOptional().describe("Shortened; a value that is or may be secret is [secret]"),
  after: z.string().exactOptional(),
});

/** What a deployment would change in a hub's cluster and for its users. It holds no secret. */
export const hubChangesSchema = z.object({
  hub: z.string().describe("The hub's ID: campus/staging"),
  notCompared: z
    .string()
    .exactOptional()
    .describe("Why the objects were not compared; the changed values are listed instead"),
  objects: z.array(objectChangeSchema).readonly(),
  relabelled: z
    .int()
    .nonnegative()
    .exactOptional()
    .describe("How many more objects change in nothing but the labels that name the chart and its version"),
  values: z.array(valueChangeSchema).readonly().describe("The changed paths of the hub's values"),
  effects: z.array(effectSchema).readonly().describe("What users notice"),
});

export type Change = z.infer<typeof changeSchema>;
export type FieldChange = Readonly<z.infer<typeof fieldChangeSchema>>;
export type ObjectChange = Readonly<z.infer<typeof objectChangeSchema>>;
export type ValueChange = Readonly<z.infer<typeof valueChangeSchema>>;
export type Effect = Readonly<z.infer<typeof effectSchema>>;
export type HubChanges = Readonly<z.infer<typeof hubChangesSchema>>;
