import { z } from "zod";
import { hubChangesSchema } from "../components/hub/objects/hub-changes.ts";

/**
 * The version of the documents below. It grows where a reader of an earlier version would misread a
 * later document; a new field that may be missing leaves it as it is.
 */
export const PLAN_VERSION = 1;

const operationSchema = z
  .enum(["preview", "up", "refresh", "destroy"])
  .describe("What was run; a preview changes nothing");

/**
 * A replacement is one `replace`, when the new resource exists, and one `delete-replaced`, when the old
 * one is deleted; the summary counts it once. A `refresh` found a resource as it was known.
 */
const stepOpSchema = z
  .enum(["create", "update", "same", "replace", "delete", "delete-replaced", "read", "refresh"])
  .describe("What the step does to the resource");

const severitySchema = z.enum(["info", "warning", "error"]);

const stepSchema = z.object({
  op: stepOpSchema,
  urn: z.string().describe("The resource's identity in its stack"),
  type: z.string().describe("The resource's type token, such as kubernetes:apps/v1:DaemonSet"),
  name: z.string().describe("The resource's name in the program"),
  parent: z.string().exactOptional().describe("The URN of the resource's parent"),
  changed: z
    .array(z.string())
    .readonly()
    .describe('The property paths of the inputs that change: title, parts["a b"]'),
  replaces: z
    .array(z.string())
    .readonly()
    .exactOptional()
    .describe("With `replace`: the inputs whose change requires a new resource"),
  error: z.string().exactOptional().describe("Why the step failed"),
  objects: hubChangesSchema
    .exactOptional()
    .describe("Of a hub, in a preview: the objects that change in its cluster, and what users notice"),
});

const diagnosticSchema = z.object({
  severity: severitySchema,
  message: z.string(),
  urn: z.string().exactOptional().describe("The URN of the resource that the message is about"),
});

/** A plan as data; {@link runReportSchema} adds what only a run has. */
export const planSchema = z.object({
  version: z.literal(PLAN_VERSION).describe("The version of this document's shape"),
  operation: operationSchema.exactOptional().describe("Missing where the operation could not start"),
  ok: z.boolean().describe("False where anything failed or the run was interrupted"),
  cancelled: z.literal(true).exactOptional().describe("The run was interrupted"),
  steps: z.array(stepSchema).readonly().describe("In the order in which they ended"),
  summary: z
    .partialRecord(stepOpSchema, z.int().nonnegative())
    .describe("How many steps of each kind succeeded"),
  diagnostics: z.array(diagnosticSchema).readonly(),
});

/** A run as data: its plan, and what only a run has. It is the document that `--json` prints. */
export const runReportSchema = planSchema.extend({
  outputs: z
    .record(z.string(), z.unknown())
    .describe("The stack's outputs. A secret is [secret]; what a preview does not know is left out"),
  progress: z
    .array(z.string())
    .readonly()
    .describe("What the providers reported, line by line; a warning begins with `warning: `"),
});

export type Operation = z.infer<typeof operationSchema>;
export type StepOp = z.infer<typeof stepOpSchema>;
export type Severity = z.infer<typeof severitySchema>;
export type Step = Readonly<z.infer<typeof stepSchema>>;
export type Diagnostic = Readonly<z.infer<typeof diagnosticSchema>>;
/** What an operation does or would do, whichever engine says so. It holds no property values. */
export type Plan = Readonly<z.infer<typeof planSchema>>;
export type RunReport = Readonly<z.infer<typeof runReportSchema>>;

/** What happens, as it happens. A step's `urn` ties its events together. */
export type RunEvent =
  | { readonly type: "step-started"; readonly step: Step }
  | {
      readonly type: "step-progress";
      readonly severity: Severity;
      readonly message: string;
      readonly urn?: string;
    }
  | { readonly type: "step-finished"; readonly step: Step; readonly milliseconds: number }
  | { readonly type: "diagnostic"; readonly diagnostic: Diagnostic };
