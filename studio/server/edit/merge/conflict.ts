import type { Json } from "../../../api/json.ts";

/** A step into a value: a key, or the name of an item of a list. */
export type Step = string;

/** What two people have changed in different ways. A value that is missing there is undefined. */
export interface Conflict {
  readonly path: readonly Step[];
  /** `order`: both have moved items of a list; the values are the names of its items. */
  readonly kind: "value" | "order";
  readonly base: Json | undefined;
  readonly mine: Json | undefined;
  readonly theirs: Json | undefined;
}

/** Whose value is taken, by {@link conflictId}. */
export type Choices = Readonly<Record<string, "mine" | "theirs">>;

export const conflictId = ({ path, kind }: Pick<Conflict, "path" | "kind">): string =>
  JSON.stringify([kind, ...path]);

/** The three versions of a value. */
export interface Versions<T> {
  readonly base: T;
  readonly mine: T;
  readonly theirs: T;
}

/** What merges the items of a list. */
export interface ValueMerger {
  merge(path: readonly Step[], versions: Versions<Json | undefined>): Json | undefined;
  /** What a conflict's choice gives; without one it is kept. */
  choose(conflict: Conflict): Json | undefined;
}
