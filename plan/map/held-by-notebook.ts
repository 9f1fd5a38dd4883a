import type { DeployedMap, MapThing } from "./map-file.ts";
import { nameOf } from "./rows.ts";

type Failure = NonNullable<NonNullable<MapThing["held"]>["failure"]>;

/** A kernel that keeps its image, an alias that stays where it is, or an article that keeps its content, as a notebook fails. */
export interface HeldByNotebook {
  readonly stack: string;
  /** `kernel/python-science`, `images/campus/lab`: the key of an override. */
  readonly id: string;
  readonly kind: MapThing["kind"];
  readonly name: string;
  readonly failure: Failure;
}

/** Everything that is held because of a notebook, in the order of stacks. */
export const heldByNotebooks = ({ stacks }: DeployedMap): HeldByNotebook[] =>
  stacks.flatMap(({ stack, outputs }) =>
    (outputs?.things ?? []).flatMap((thing) =>
      thing.held?.failure
        ? [
            {
              stack,
              id: thing.id,
              kind: thing.kind,
              name: thing.title ?? nameOf(thing),
              failure: thing.held.failure,
            },
          ]
        : [],
    ),
  );

/** `course/bell-states, notebooks/two-qubits.ipynb, cell 4`. */
export const placeText = ({ course, notebook, cell }: Failure): string =>
  [course, notebook, ...(cell === undefined ? [] : [`cell ${cell}`])].join(", ");

/** What happened, how many other notebooks fail, and what changed with the image. */
export function whyText({ error, others, changes = [] }: Failure): string {
  const more = others === 0 ? [] : [`${others} more ${others === 1 ? "notebook fails" : "notebooks fail"}`];
  const changed = changes.length === 0 ? [] : [`changed with the image: ${changes.join(", ")}`];
  return [...(error === "" ? [] : [error]), ...more, ...changed].join("; ");
}

/** How somebody lets it through, by the key of what is held. */
export const overrideHint = ({ id }: Pick<HeldByNotebook, "id">): string =>
  `fix the notebook, or let it through with lectern:override for ${id}`;
