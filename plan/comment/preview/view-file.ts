import { z } from "zod";
import { hubChangesSchema } from "../../../components/hub/objects/hub-changes.ts";
import { isObject } from "../../../components/json.ts";
import { LecternError } from "../../../components/problem/problem.ts";
import { zodProblems } from "../../../components/problem/zod.ts";
import { boundPlanSchema } from "../../digest/plan-digest.ts";
import type { StackView } from "./stack-view.ts";

/** What tells such a file from a preview. It changes where a reader of an earlier version would misread a later file. */
const FORMAT = "lectern-stack-view-1";

const texts = z.array(z.string()).readonly();
const image = z.object({ before: z.string().exactOptional(), after: z.string().exactOptional() });

const thing = z.object({
  id: z.string().optional(),
  label: z.string(),
  op: z.string(),
  changed: texts,
  details: texts,
  image: image.exactOptional(),
  effects: hubChangesSchema.shape.effects,
});

const proof = z.object({
  id: z.string(),
  course: z.string(),
  notebook: z.string(),
  cell: z.number().exactOptional(),
  error: z.string(),
  image: z.string(),
  more: z.string(),
});

const viewFileSchema = z.object({
  format: z.literal(FORMAT),
  stack: z.string(),
  environment: z.string(),
  ok: z.boolean(),
  things: z.array(thing).readonly(),
  counts: z.record(z.string(), z.number()),
  bound: boundPlanSchema,
  digest: z.string(),
  held: z.array(z.object({ what: z.string(), reason: z.string() })).readonly(),
  proofs: z.array(proof).readonly().default([]),
  overrides: z.array(z.object({ what: z.string(), until: z.string(), why: z.string() })).readonly(),
  restarts: z
    .array(z.object({ gateway: z.string(), kernels: z.number().exactOptional(), text: z.string() }))
    .readonly(),
  changes: z.array(z.tuple([z.string(), texts])).readonly(),
  warnings: texts,
  errors: texts,
  assumesStaging: z.boolean(),
});

/** A view as a file that another job can compose a comment of: unlike a preview, it has no state. */
export function viewFile(view: StackView): string {
  return `${JSON.stringify({ format: FORMAT, ...view, changes: [...view.changes] }, null, 1)}\n`;
}

/**
 * The view in a file that {@link viewFile} wrote; undefined where the document is something else, such as a preview.
 * @throws {LecternError} where it is broken
 */
export function viewIn(document: unknown, file: string): StackView | undefined {
  if (!isObject(document) || document["format"] !== FORMAT) return undefined;
  const parsed = viewFileSchema.safeParse(document);
  if (!parsed.success) throw new LecternError(zodProblems(parsed.error, { file }));
  const { format: _, changes, things, ...view } = parsed.data;
  return {
    ...view,
    changes: new Map(changes),
    things: things.map(({ id, ...rest }) => ({ id, ...rest })),
  };
}
