import { equal, isList, isObject, type Json, type JsonObject } from "../../../api/json.ts";
import {
  type Choices,
  type Conflict,
  conflictId,
  type Step,
  type ValueMerger,
  type Versions,
} from "./conflict.ts";
import { mergeLists } from "./merge-lists.ts";

export interface Merged {
  /** With theirs where there is a conflict without a choice; undefined where the whole is gone. */
  readonly value: Json | undefined;
  /** Those that have no choice. */
  readonly conflicts: readonly Conflict[];
}

/** Merges two versions of a value that have a base in common; by key, and in lists by item. */
export function merge(versions: Versions<Json | undefined>, choices: Choices = {}): Merged {
  const merger = new Merger(choices);
  const value = merger.merge([], versions);
  return { value, conflicts: merger.conflicts };
}

class Merger implements ValueMerger {
  readonly conflicts: Conflict[] = [];
  readonly #choices: Choices;
  constructor(choices: Choices) {
    this.#choices = choices;
  }

  merge(path: readonly Step[], versions: Versions<Json | undefined>): Json | undefined {
    const { base, mine, theirs } = versions;
    if (equal(mine, theirs) || equal(base, theirs)) return mine;
    if (equal(base, mine)) return theirs;
    if (isObject(mine) && isObject(theirs) && (base === undefined || isObject(base))) {
      return this.#objects(path, { base: base ?? {}, mine, theirs });
    }
    if (isList(mine) && isList(theirs) && (base === undefined || isList(base))) {
      return mergeLists(this, path, { base: base ?? [], mine, theirs });
    }
    return this.choose({ path, kind: "value", ...versions });
  }

  choose(conflict: Conflict): Json | undefined {
    const id = conflictId(conflict);
    const choice = Object.hasOwn(this.#choices, id) ? this.#choices[id] : undefined;
    if (choice === undefined) this.conflicts.push(conflict);
    return choice === "mine" ? conflict.mine : conflict.theirs;
  }

  #objects(path: readonly Step[], { base, mine, theirs }: Versions<JsonObject>): JsonObject {
    const keys = new Set([...Object.keys(theirs), ...Object.keys(mine)]);
    const merged = [...keys].map((key): [string, Json | undefined] => {
      const at = (version: JsonObject) => (Object.hasOwn(version, key) ? version[key] : undefined);
      return [key, this.merge([...path, key], { base: at(base), mine: at(mine), theirs: at(theirs) })];
    });
    return Object.fromEntries(merged.filter((entry): entry is [string, Json] => entry[1] !== undefined));
  }
}
