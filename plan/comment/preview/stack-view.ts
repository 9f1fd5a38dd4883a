import type { Effect } from "../../../components/hub/objects/hub-changes.ts";
import { type BoundPlan, boundPlanOf, digestOfPlan } from "../../digest/plan-digest.ts";
import { inputsOf, type PreviewStep, planOf, readPreview } from "../../from-pulumi.ts";
import { idOfLabel } from "../../label.ts";
import { changedRows, rowCounts } from "../../terminal/tree.ts";
import { type Notices, noticesOf } from "./notices.ts";

/** An image before and after, as the engine has them: `repository@sha256:…`. */
interface ImageChange {
  readonly before?: string;
  readonly after?: string;
}

/** One thing that changes in a stack. */
export interface ChangedThing {
  /** `kernel/python-science`, `hub/campus/staging`; undefined for what has no such ID. */
  readonly id: string | undefined;
  /** `Kernel python-science`. */
  readonly label: string;
  readonly op: string;
  /** The property paths that change. */
  readonly changed: readonly string[];
  /** What changes, in words of the thing's own: chapters, objects of a hub. */
  readonly details: readonly string[];
  readonly image?: ImageChange;
  /** What its users notice. */
  readonly effects: readonly Effect[];
}

/** What a preview says of a stack. It has no value of a state but images, by their digests. */
export interface StackView extends Notices {
  readonly stack: string;
  readonly environment: string;
  /** Whether the preview came to its end. */
  readonly ok: boolean;
  readonly things: readonly ChangedThing[];
  /** How many things each operation has, `same` included. */
  readonly counts: Readonly<Partial<Record<string, number>>>;
  /** What the preview would do, without any value, and its digest. */
  readonly bound: BoundPlan;
  readonly digest: string;
}

/**
 * A stack's preview for the comment.
 * @param document what `pulumi preview --json --show-sames` printed
 * @throws {LecternError} if it is of another shape
 */
export function stackView(stack: string, environment: string, document: unknown): StackView {
  const preview = readPreview(document);
  const plan = planOf(preview);
  const bound = boundPlanOf(preview);
  const notices = noticesOf(plan.diagnostics);
  const images = imageChanges(preview.steps);
  const effects = new Map(plan.steps.map(({ urn, objects }) => [urn, objects?.effects ?? []]));
  const things = changedRows(plan.steps).map((row): ChangedThing => {
    const id = idOfLabel(row.label);
    const image = id === undefined ? undefined : images.get(id);
    return {
      id,
      label: row.label,
      op: row.op,
      changed: [...new Set(row.changed)],
      details: [...((id && notices.changes.get(id)) ?? []), ...row.details.map((line) => line.trim())],
      effects: effects.get(row.urn) ?? [],
      ...(image ? { image } : {}),
    };
  });
  return {
    ...notices,
    stack,
    environment,
    ok: plan.ok,
    things,
    counts: rowCounts(plan.steps, true),
    bound,
    digest: digestOfPlan(bound),
  };
}

/** A reference by digest: what looks so is no secret. */
const BY_DIGEST = /^[a-z0-9./:_-]{1,255}@sha256:[0-9a-f]{64}$/;

/** The images of kernels that change, by the ID of the kernel. */
function imageChanges(steps: readonly PreviewStep[]): Map<string, ImageChange> {
  const kernels = steps.filter(({ urn }) => urn.split("::")[2]?.endsWith("/lectern:Kernelspec"));
  return new Map(
    kernels.flatMap((step) => {
      const [before, after] = [imageIn(step.oldState), imageIn(step.newState)];
      if (before === after) return [];
      const name = step.urn.split("::").slice(3).join("::");
      const change = { ...(before ? { before } : {}), ...(after ? { after } : {}) };
      return [[`kernel/${name}`, change] as const];
    }),
  );
}

function imageIn(state: PreviewStep["oldState"]): string | undefined {
  const { image } = inputsOf(state);
  return typeof image === "string" && BY_DIGEST.test(image) ? image : undefined;
}
