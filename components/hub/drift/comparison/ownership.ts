import { isObject, type JsonObject } from "../../../json.ts";
import type { KubernetesObject, ManagedFields } from "../../release/api/kubernetes-object.ts";
import type { FieldPath, ItemKey, Step } from "./field-path.ts";

/** Who owns fields of an object, as its `managedFields` say. */
export interface Owner {
  readonly manager: string;
  /** When it wrote last. */
  readonly time?: string | undefined;
  readonly subresource?: string | undefined;
  readonly operation?: string | undefined;
  readonly fields: JsonObject;
}

/** What Helm sets on each object that it applies, so whoever owns it is Helm, whatever its program is called. */
const HELMS_OWN = ["metadata", "annotations", "meta.helm.sh/release-name"];
const HELM = /^(helm|pulumi-(resource-)?kubernetes\b.*|lectern)$/i;
/** Programs that act by themselves, by how they call themselves. */
const CONTROLLER =
  /(^|[-_./])(controllers?|operator|[a-z-]*autoscaler|scheduler|kubelet|(ca)?injector|webhook|keda|vpa|hpa|reloader)([-_./]|$)/i;

export function ownersOf({ metadata }: KubernetesObject): Owner[] {
  return (metadata.managedFields ?? []).map(
    ({ manager = "", time, subresource, operation, fieldsV1 }: ManagedFields) => ({
      manager,
      time,
      subresource: subresource === "" ? undefined : subresource,
      operation,
      fields: fieldsV1 ?? {},
    }),
  );
}

/** Whether it is Helm, or a tool that runs it, that owns the object as a whole. */
const isHelm = ({ manager, fields, subresource }: Owner): boolean =>
  subresource === undefined &&
  (HELM.test(manager) || (!manager.startsWith("kubectl") && ownsIn(fields, HELMS_OWN)));

/**
 * Whether an owner's writes are edits: not Helm's own, nor those of controllers and autoscalers.
 * A number of replicas is scaled through a subresource, which only `kubectl scale` uses for a person.
 */
export function isEditor(owner: Owner, helms: ReadonlySet<string>): boolean {
  if (owner.subresource === "scale") return owner.manager.startsWith("kubectl");
  return owner.subresource === undefined && !helms.has(owner.manager) && !CONTROLLER.test(owner.manager);
}

/** The names under which Helm owns fields of an object. */
export const helmsOf = (owners: readonly Owner[]): ReadonlySet<string> =>
  new Set(owners.filter(isHelm).map(({ manager }) => manager));

/** Whether an owner has a field, something in it, or the whole that it is in. */
export const owns = ({ fields }: Owner, path: FieldPath): boolean => ownsIn(fields, path);

function ownsIn(fields: JsonObject, path: FieldPath): boolean {
  let node = fields;
  for (const step of path) {
    const next = childOf(node, step);
    if (next === undefined) return false;
    // A list or map that is owned as a whole.
    if (Object.keys(next).length === 0) return true;
    node = next;
  }
  return true;
}

function childOf(node: JsonObject, step: Step): JsonObject | undefined {
  const child =
    typeof step === "string"
      ? node[`f:${step}`]
      : Object.entries(node).find(([key]) => isSameItem(itemKeyOf(key), step))?.[1];
  return isObject(child) ? child : undefined;
}

function isSameItem(key: ItemKey | undefined, step: Step): boolean {
  if (key === undefined || typeof step !== "object") return false;
  if ("value" in key) return "value" in step && key.value === step.value;
  return "keys" in step && Object.entries(key.keys).every(([name, value]) => step.keys[name] === value);
}

/** What an entry of `fieldsV1` says of an item of a list: `k:{"name":"hub"}` or `v:"x"`. */
export function itemKeyOf(entry: string): ItemKey | undefined {
  const kind = entry.slice(0, 2);
  if (kind !== "k:" && kind !== "v:") return undefined;
  try {
    const value: unknown = JSON.parse(entry.slice(2));
    if (kind === "v:") return { value };
    return isObject(value) ? { keys: value } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The names of the keys that tell the items of a list apart; `value` for a set. Undefined for a list that is
 * owned as a whole, and where nobody owns it.
 */
export function mergeKeysAt(
  owners: readonly Owner[],
  path: FieldPath,
): readonly string[] | "value" | undefined {
  for (const { fields } of owners) {
    const node = path.reduce<JsonObject | undefined>((at, step) => at && childOf(at, step), fields);
    const key = Object.keys(node ?? {})
      .map(itemKeyOf)
      .find((one) => one !== undefined);
    if (key !== undefined) return "keys" in key ? Object.keys(key.keys) : "value";
  }
  return undefined;
}
