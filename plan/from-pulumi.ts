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
export function planFromPulumi(document: unknown): Plan {
  const parsed = previewSchema.safeParse(document);
  if (!parsed.success) {
    throw new LecternError(zodProblems(parsed.error, { file: "pulumi preview --json" }));
  }
  const { steps, diagnostics, changeSummary } = parsed.data;
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

type PreviewStep = z.infer<typeof previewStepSchema>;

function planStep(step: PreviewStep): Step[] {
  const op = OPERATIONS[step.op];
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
function changedPaths({ oldState, newState, detailedDiff, diffReasons }: PreviewStep): string[] {
  if (!oldState || !newState) return [];
  const { __provider: _old, ...before } = oldState.inputs;
  const { __provider: _new, ...after } = newState.inputs;
  const paths = differingPaths(before, after);
  if (paths.length > 0) return paths;
  return Object.keys(detailedDiff ?? {}).length > 0 ? Object.keys(detailedDiff ?? {}) : (diffReasons ?? []);
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
