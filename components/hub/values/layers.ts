import { isObject, type JsonObject } from "../../json.ts";
import type { Locate } from "../../problem/zod.ts";
import { deepMerge } from "./deep-merge.ts";

/** Values from one place. */
export interface ValuesLayer {
  /** A file relative to the project, or what generates the values: `profiles`, `images`. */
  readonly source: string;
  readonly values: JsonObject;
  /** Whether the values are shown to nobody. @default false */
  readonly secret?: boolean;
  /** Where a path of the values is in the file. */
  readonly locate?: Locate;
}

/** A path into values: keys of maps, indices of lists. */
export type ValuesPath = readonly (string | number)[];

/** Layers over each other, as Helm merges several files of values. */
export interface MergedLayers {
  readonly values: JsonObject;
  /** The layers that have a path, lowest first: the last of them decides it. Empty where none has it. */
  layersOf(path: ValuesPath): readonly ValuesLayer[];
}

/** Merges layers, lowest first: maps merge at every depth, everything else replaces, null too. */
export function mergeLayers(layers: readonly ValuesLayer[]): MergedLayers {
  return {
    values: deepMerge(...layers.map(({ values }) => values)),
    layersOf: (path) => layers.filter(({ values }) => has(values, path)),
  };
}

/** Whether values have a path, null or not. */
export const has = (values: unknown, path: ValuesPath): boolean => lookUp(values, path) !== undefined;

/** What values have at a path; undefined where they have nothing there. */
export function lookUp(values: unknown, path: ValuesPath): unknown {
  let at = values;
  for (const part of path) {
    if (Array.isArray(at)) at = at[Number(part)];
    else if (isObject(at) && Object.hasOwn(at, part)) at = at[part];
    else return undefined;
  }
  return at;
}
