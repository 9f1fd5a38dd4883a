import { byCodePoints, byNumbers } from "../../../../components/hub/profiles/key-order.ts";
import { isObject } from "../../../../components/json.ts";

/** A JSON value whose objects keep the order of their keys, whatever the keys are: JavaScript's own put numbers first. */
export type Ordered = string | number | boolean | null | readonly Ordered[] | OrderedMap;
export type OrderedMap = ReadonlyMap<string, Ordered>;

/** How a chart hands values on to the hub. */
export type Encoding =
  /** `toYaml`, as Zero to JupyterHub's chart does. */
  | "yaml"
  /** `toJson` or `toPrettyJson`. */
  | "json";

/** A value with its objects' keys in the order in which Helm writes them: none of its encodings keeps that of a file. */
export function inHelmOrder(value: unknown, encoding: Encoding): Ordered {
  if (Array.isArray(value)) return value.map((item) => inHelmOrder(item, encoding));
  if (!isObject(value)) return value === undefined ? null : (value as Ordered);
  const keys = Object.keys(value).filter((key) => value[key] !== undefined);
  const sorted = keys.sort(encoding === "yaml" ? byNumbers : byCodePoints);
  return new Map(sorted.map((key) => [key, inHelmOrder(value[key], encoding)]));
}

/** As JavaScript has it, numbers first: what reads JSON in a browser sees this. */
export function plain(value: Ordered): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (!(value instanceof Map)) return value;
  return Object.fromEntries([...value].map(([key, inner]) => [key, plain(inner)]));
}
