import { didYouMean } from "../../../problem/nearest.ts";
import type { Edit } from "./edits.ts";
import { isWithin } from "./field-path.ts";

/** A difference that a hub keeps. */
export interface Accepted {
  /** `ConfigMap hub` */
  readonly object: string;
  /** `data.x`, with all that is in it; undefined for the object as a whole. */
  readonly field?: string | undefined;
  readonly reason: string;
}

/** Edits that are kept, those that are undone, and what is accepted and isn't there. */
export interface Sorted<E extends Edit> {
  readonly kept: readonly E[];
  readonly undone: readonly E[];
  /** One sentence for each `accept` that names nothing. */
  readonly idle: readonly string[];
}

/** @param objects every object of the release, as edits name them */
export function sortEdits<E extends Edit>(
  edits: readonly E[],
  accepted: readonly Accepted[],
  objects: readonly string[],
): Sorted<E> {
  const isKept = (edit: E) => acceptedBy(edit, accepted) !== undefined;
  return {
    kept: edits.filter(isKept),
    undone: edits.filter((edit) => !isKept(edit)),
    idle: accepted
      .filter((one) => !edits.some((edit) => covers(one, edit)))
      .map((one) => idleText(one, objects)),
  };
}

/** The difference that is accepted and covers an edit. */
export const acceptedBy = (edit: Place, accepted: readonly Accepted[]): Accepted | undefined =>
  accepted.find((one) => covers(one, edit));

type Place = Pick<Edit, "object" | "field">;

const covers = ({ object, field = "" }: Accepted, edit: Place) =>
  object === edit.object && isWithin(edit.field ?? "", field);

function idleText({ object, field }: Accepted, objects: readonly string[]): string {
  if (objects.includes(object))
    return `accept names ${object}${field === undefined ? "" : `: ${field}`}, which is as it was deployed. Remove it from accept`;
  return `accept names ${object}, which the release does not have. ${didYouMean(object, objects, "Remove it from accept")}`;
}
