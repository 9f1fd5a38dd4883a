import type { JsonObject } from "../../../json.ts";
import { isObject } from "../../../json.ts";

/** An item of a list by what identifies it there: its merge keys, or its own value in a set. */
export type ItemKey = { readonly keys: JsonObject } | { readonly value: unknown };

/** A step into an object: a key, an item of a list by its key, or by its place. */
export type Step = string | number | ItemKey;
export type FieldPath = readonly Step[];

/** `spec.template.spec.containers[hub].env[HOME]`, `data["hub.py"]`: what people see, and what `accept` names. */
export function pathText(path: FieldPath): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    if (typeof step === "object") return `${text}[${itemText(step)}]`;
    if (!/^[\w$-]+$/.test(step)) return `${text}[${JSON.stringify(step)}]`;
    return text === "" ? step : `${text}.${step}`;
  }, "");
}

const itemText = (item: ItemKey) =>
  "keys" in item ? Object.values(item.keys).map(String).join("/") : String(item.value);

/** Whether a path is another one, or leads into it. */
export function isWithin(text: string, outer: string): boolean {
  if (outer === "" || text === outer) return true;
  return text.startsWith(outer) && /^[.[]/.test(text.slice(outer.length));
}

/** Whether an item of a list has these keys. A key that the item leaves out is one that the API fills in. */
export const hasKeys = (item: unknown, keys: JsonObject): boolean =>
  isObject(item) &&
  Object.entries(keys).every(([key, value]) => item[key] === undefined || item[key] === value);

/** The item of a list that a key names; undefined where it isn't there. */
export function itemOf(list: readonly unknown[], item: ItemKey): unknown {
  // Where a name is repeated, the last one counts.
  return list.findLast((one) => ("keys" in item ? hasKeys(one, item.keys) : one === item.value));
}

/** What is at a path; undefined where there is nothing. */
export function valueAt(root: unknown, path: FieldPath): unknown {
  return path.reduce<unknown>((value, step) => {
    if (typeof step === "object") return Array.isArray(value) ? itemOf(value, step) : undefined;
    if (typeof step === "number") return Array.isArray(value) ? value[step] : undefined;
    return isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  }, root);
}

/** A path as a JSON Pointer into an object, items by their place; undefined where it is not there. */
export function pointerTo(root: unknown, path: FieldPath): string | undefined {
  let value = root;
  let pointer = "";
  for (const step of path) {
    const next = valueAt(value, [step]);
    if (next === undefined) return undefined;
    const name = typeof step === "object" && Array.isArray(value) ? value.indexOf(next) : step;
    pointer += `/${String(name).replaceAll("~", "~0").replaceAll("/", "~1")}`;
    value = next;
  }
  return pointer;
}
