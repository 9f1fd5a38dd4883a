import { z } from "zod";
import { LecternError } from "../components/problem/problem.ts";
import { zodProblems } from "../components/problem/zod.ts";
import { PLAN_VERSION, type Plan, type Severity, type Step, type StepOp } from "./model.ts";
import { HubObjects } from "./objects.ts";
import { differingPaths } from "./property-path.ts";

/**
 * The plan in the document that `pulumi preview --json --show-sames` prints. Without `--show-sames` the
 * unchanged resources are missing, and with them the components that changed ones belong to.
 *
 * Only identities and property paths are taken; the states in the document are compared, never copied.
 * The CLI masks secrets in them, so a change of a secret alone names no path.
 * @throws {LecternError} if the document is of another shape or has an unknown operation
 */
export const planFromPulumi = (document: unknown): Plan => planOf(readPreview(document));

/** The same of a document that is read. */
export function planOf({ steps, diagnostics, changeSummary }: Preview): Plan {
  const objects = new HubObjects();
  const others = diagnostics.flatMap(diagnosticOf).filter((diagnostic) => !objects.take(diagnostic));
  return {
    version: PLAN_VERSION,
    operation: "preview",
    ok: diagnostics.every(({ severity }) => severity !== "error"),
    steps: objects.ofSteps(steps.flatMap(planStep)),
    summary: summaryOf(changeSummary),
    diagnostics: others,
  };
}

/**
 * A preview's document, with its states: nothing of them may be shown but what is known to be no secret.
 * @throws {LecternError} if it is of another shape or has an unknown operation
 */
export function readPreview(document: unknown): Preview {
  const parsed = previewSchema.safeParse(document);
  if (parsed.success) return parsed.data;
  throw new LecternError(zodProblems(parsed.error, { file: "pulumi preview --json" }));
}

/** The CLI's operations. It splits a replacement in three steps, of which the plan has `replace`. */
const OPERATIONS = {
  same: "same",
  create: "create",
  update: "update",
  delete: "delete",
  replace: "replace",
  "create-replacement": undefined,
  "delete-replaced": "delete-replaced",
  read: "read",
  "read-replacement": "read",
  refresh: "refresh",
  // These change the state alone, not the resource.
  discard: undefined,
  "discard-replaced": undefined,
  "remove-pending-replace": undefined,
} as const satisfies Record<string, StepOp | undefined>;

type Operation = keyof typeof OPERATIONS;
const operationSchema = z.enum(Object.keys(OPERATIONS) as [Operation, ...Operation[]]);

const SEVERITIES: Readonly<Record<string, Severity>> = {
  info: "info",
  "info#err": "info",
  warning: "warning",
  error: "error",
};

const stateSchema = z.object({
  parent: z.string().optional(),
  inputs: z.record(z.string(), z.unknown()).default({}),
});

const previewStepSchema = z.object({
  op: operationSchema,
  urn: z.string(),
  oldState: stateSchema.optional(),
  newState: stateSchema.optional(),
  diffReasons: z.array(z.string()).nullish(),
  replaceReasons: z.array(z.string()).nullish(),
  detailedDiff: z.record(z.string(), z.unknown()).nullish(),
});

const previewDiagnosticSchema = z.object({
  urn: z.string().optional(),
  message: z.string(),
  severity: z.string(),
});

/** `PreviewDigest` of Pulumi's `sdk/go/common/display`; fields that the plan does not need are left out. */
const previewSchema = z.object({
  steps: z.array(previewStepSchema).default([]),
  diagnostics: z.array(previewDiagnosticSchema).default([]),
  changeSummary: z.partialRecord(operationSchema, z.number()).default({}),
});

export type Preview = Readonly<z.infer<typeof previewSchema>>;
export type PreviewStep = Readonly<z.infer<typeof previewStepSchema>>;

/** What a step does, in the plan's words; undefined for a part of a replacement, or of the state alone. */
export const operationOf = ({ op }: PreviewStep): StepOp | undefined => OPERATIONS[op];

function planStep(step: PreviewStep): Step[] {
  const op = operationOf(step);
  if (op === undefined) return [];
  const parent = (step.newState ?? step.oldState)?.parent;
  return [
    {
      op,
      urn: step.urn,
      type: step.urn.split("::")[2]?.split("$").at(-1) ?? "",
      name: step.urn.split("::").slice(3).join("::"),
      ...(parent === undefined ? {} : { parent }),
      changed: changedPaths(step),
      ...(op === "replace" ? { replaces: step.replaceReasons ?? [] } : {}),
    },
  ];
}

/** A dynamic provider gives the engine no details of a difference, so the inputs are compared first. */
export function changedPaths(step: PreviewStep): string[] {
  const { oldState, newState, detailedDiff, diffReasons } = step;
  if (!oldState || !newState) return [];
  const paths = differingPaths(inputsOf(oldState), inputsOf(newState));
  if (paths.length > 0) return paths;
  return Object.keys(detailedDiff ?? {}).length > 0 ? Object.keys(detailedDiff ?? {}) : (diffReasons ?? []);
}

/** A state's inputs without the code of a dynamic provider: its text differs from machine to machine. */
export function inputsOf(state: PreviewStep["oldState"]): Readonly<Record<string, unknown>> {
  const { __provider: _, ...inputs } = state?.inputs ?? {};
  return inputs;
}

function summaryOf(changes: Partial<Record<Operation, number>>): Plan["summary"] {
  const summary: Partial<Record<StepOp, number>> = {};
  for (const [name, count] of Object.entries(changes)) {
    const op = OPERATIONS[name as Operation];
    if (op !== undefined && op !== "delete-replaced") summary[op] = (summary[op] ?? 0) + count;
  }
  return summary;
}

/** The CLI puts the severity before the message; debug messages are left out. */
function diagnosticOf({
  urn,
  message,
  severity: name,
}: z.infer<typeof previewDiagnosticSchema>): Plan["diagnostics"] {
  const severity = SEVERITIES[name];
  if (severity === undefined) return [];
  const prefix = `${name}: `;
  const text = message.startsWith(prefix) ? message.slice(prefix.length) : message;
  return [{ severity, message: text.trimEnd(), ...(urn === undefined || urn === "" ? {} : { urn }) }];
}
