import { isObject, type JsonObject } from "../../../json.ts";
import { isEmpty } from "./differences.ts";
import { type FieldPath, hasKeys, itemOf, type Step, valueAt } from "./field-path.ts";
import { itemKeyOf } from "./ownership.ts";

/** What anyone may add to an object without editing what was deployed. */
const OPEN = new Set(["metadata", "status"]);
/** Maps that others write to as well, wherever they are: a restart annotates the pods' template. */
const SHARED = new Set<Step>(["labels", "annotations"]);

/**
 * The outermost fields that an owner has in an object and a manifest has not. Labels, annotations and status
 * don't count: others write there as a matter of course.
 * @param fields what the owner has, as `fieldsV1` says
 */
export function additions(fields: JsonObject, expected: JsonObject, actual: JsonObject): FieldPath[] {
  const open = Object.entries(fields).filter(([key]) => !OPEN.has(key.slice(2)));
  return added(Object.fromEntries(open), expected, actual, []);
}

function added(fields: JsonObject, expected: unknown, actual: JsonObject, path: FieldPath): FieldPath[] {
  return Object.entries(fields).flatMap(([entry, inner]) => {
    const step = stepOf(entry);
    if (step === undefined || isShared(path, step)) return [];
    const at = [...path, step];
    const wanted = expectedAt(expected, step);
    if (wanted === undefined || wanted === null) return isEmpty(valueAt(actual, at), at) ? [] : [at];
    return isObject(inner) ? added(inner, wanted, actual, at) : [];
  });
}

const isShared = (path: FieldPath, step: Step) => path.at(-1) === "metadata" && SHARED.has(step);

function stepOf(entry: string): Step | undefined {
  return entry.startsWith("f:") ? entry.slice(2) : itemKeyOf(entry);
}

function expectedAt(expected: unknown, step: Step): unknown {
  if (typeof step !== "object") return valueAt(expected, [step]);
  if (!Array.isArray(expected)) return undefined;
  return "keys" in step ? expected.findLast((one) => hasKeys(one, step.keys)) : itemOf(expected, step);
}

/** The outermost fields of one manifest that another has not: what going from one to the other removes. */
export function fieldsBeyond(
  newer: unknown,
  older: unknown,
  keysAt: (path: FieldPath) => readonly string[] | "value" | undefined,
  path: FieldPath = [],
): FieldPath[] {
  if (newer === null || newer === undefined) return [];
  const last = path.at(-1);
  const isOpen = last !== undefined && isShared(path.slice(0, -1), last);
  if ((older === null || older === undefined) && !isOpen) return [path];
  if (isObject(newer) && (isObject(older) || isOpen))
    return Object.entries(newer).flatMap(([key, value]) =>
      fieldsBeyond(value, valueAt(older, [key]), keysAt, [...path, key]),
    );
  const keys = keysAt(path);
  if (!Array.isArray(newer) || !Array.isArray(older) || keys === undefined) return [];
  return newer.flatMap((item) => {
    const step = keys === "value" ? { value: item } : { keys: keysIn(item, keys) };
    return fieldsBeyond(item, expectedAt(older, step), keysAt, [...path, step]);
  });
}

const keysIn = (item: unknown, keys: readonly string[]): JsonObject =>
  isObject(item) ? Object.fromEntries(keys.flatMap((key) => (key in item ? [[key, item[key]]] : []))) : {};
