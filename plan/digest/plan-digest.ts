import { createHash } from "node:crypto";
import { z } from "zod";
import { changesIn } from "../../components/hub/objects/changes-message.ts";
import type { HubChanges } from "../../components/hub/objects/hub-changes.ts";
import { isObject } from "../../components/json.ts";
import {
  changedPaths,
  inputsOf,
  operationOf,
  type Preview,
  type PreviewStep,
  readPreview,
} from "../from-pulumi.ts";
import type { StepOp } from "../model.ts";
import { differences } from "../property-path.ts";

/** A hexadecimal SHA-256. */
const HASH = z.string().regex(/^[0-9a-f]{64}$/);

/** What one step would do, without any value: what an approval is compared by. */
const boundStepSchema = z.strictObject({
  op: z.string(),
  urn: z.string(),
  changed: z.record(z.string(), HASH).describe("By path: the hash of the old and the new value"),
});

/** What a preview would do: the steps that change something, in the order of their URNs. */
export const boundPlanSchema = z.array(boundStepSchema).readonly();

export type BoundStep = z.infer<typeof boundStepSchema>;
export type BoundPlan = z.infer<typeof boundPlanSchema>;

/** Operations that leave a resource as it is. */
const QUIET: ReadonlySet<StepOp> = new Set(["same", "read", "refresh"]);

/**
 * What a preview would do, as far as an approval binds it: operations, URNs and changed properties. Times, order,
 * counts of what runs and resources that stay as they are do not matter, nor do values that a chart generates
 * at every rendering. The CLI masks secrets, so the change of a secret alone is the change of no value.
 * @param document what `pulumi preview --json` printed, with or without `--show-sames`
 * @throws {LecternError} if it is of another shape
 */
export const boundPlan = (document: unknown): BoundPlan => boundPlanOf(readPreview(document));

/** The same of a document that is read. */
export function boundPlanOf({ steps, diagnostics }: Preview): BoundPlan {
  const ofSteps = steps.flatMap((step): BoundStep[] => {
    const op = operationOf(step);
    if (op === undefined || QUIET.has(op)) return [];
    return [{ op, urn: step.urn, changed: changedValues(step) }];
  });
  const ofHubs = diagnostics.flatMap(({ urn, message }): BoundStep[] => {
    const changes = urn === undefined ? undefined : changesIn(message);
    if (urn === undefined || !changes || changes.objects.length === 0) return [];
    return [{ op: "objects", urn, changed: changedObjects(changes) }];
  });
  return [...ofSteps, ...ofHubs].sort((a, b) => compare(`${a.urn} ${a.op}`, `${b.urn} ${b.op}`));
}

/** The digest of what a preview would do. Two previews that would do the same have the same one. */
export const digestOfPlan = (plan: BoundPlan): string =>
  hash(plan.map(({ op, urn, changed }) => [op, urn, inOrder(changed)]));

/** As many digits of a digest as people see, and as an approval must have at least. */
export const SHOWN_DIGITS = 16;

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function changedValues(step: PreviewStep): Record<string, string> {
  const [before, after] = [inputsOf(step.oldState), inputsOf(step.newState)];
  if (!step.oldState || !step.newState) return { inputs: hash([before, after]) };
  const found = differences(before, after);
  if (found.length > 0) {
    return Object.fromEntries(found.map((one) => [one.path, hash([one.before, one.after])]));
  }
  // A provider alone reports it as different, and tells no value.
  return Object.fromEntries(changedPaths(step).map((path) => [path, hash("")]));
}

function changedObjects({ objects }: HubChanges): Record<string, string> {
  const entries = objects.map((object) => {
    const { apiVersion, kind, namespace = "", name, change, fields } = object;
    const values = fields.map(({ path, change: way, generated, before, after, text }) =>
      generated ? [path, way] : [path, way, before, after, text],
    );
    const sorted = values.map((value) => JSON.stringify(value)).sort(compare);
    return [`${apiVersion} ${kind} ${namespace}/${name}`, hash([change, sorted])] as const;
  });
  return Object.fromEntries(entries);
}

const inOrder = (record: Readonly<Record<string, string>>) =>
  Object.entries(record).sort(([a], [b]) => compare(a, b));

const hash = (value: unknown): string =>
  createHash("sha256")
    .update(JSON.stringify(canonical(value)) ?? "")
    .digest("hex");

/** The same value with the keys of each object in order. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => compare(a, b))
      .map(([key, inner]) => [key, canonical(inner)]),
  );
}
