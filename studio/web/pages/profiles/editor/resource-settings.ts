import { readDisk, readMemory } from "../../../../../components/hub/profiles/server-pod/sizes.ts";
import type { Json } from "../../../../api/json.ts";
import type { FieldPath } from "../model/fields.ts";

/** The device that most clusters have; others are kept as they are. */
const GPU = "nvidia.com/gpu";

/** A resource that has a field of its own. */
export interface ResourceSetting {
  readonly name: "memoryGuarantee" | "memoryLimit" | "cpuGuarantee" | "cpuLimit" | "gpus" | "disk";
  /** Below `kubespawner_override`. */
  readonly path: FieldPath;
  /** What a person wrote as the value of the setting; undefined where it is none. */
  readonly read: (text: string) => Json | undefined;
  readonly fault: "notSize" | "notNumber";
}

const number = (text: string) => {
  const value = Number(text.trim().replace(",", "."));
  return Number.isFinite(value) && value >= 0 ? value : undefined;
};
/** Kubernetes counts devices in texts. */
const count = (text: string) => (/^\d{1,3}$/.test(text.trim()) ? text.trim() : undefined);

export const RESOURCE_SETTINGS: readonly ResourceSetting[] = [
  { name: "memoryGuarantee", path: ["mem_guarantee"], read: readMemory, fault: "notSize" },
  { name: "memoryLimit", path: ["mem_limit"], read: readMemory, fault: "notSize" },
  { name: "cpuGuarantee", path: ["cpu_guarantee"], read: number, fault: "notNumber" },
  { name: "cpuLimit", path: ["cpu_limit"], read: number, fault: "notNumber" },
  { name: "gpus", path: ["extra_resource_limits", GPU], read: count, fault: "notNumber" },
  { name: "disk", path: ["storage_capacity"], read: readDisk, fault: "notSize" },
];

/** Keys of `kubespawner_override` that have fields. */
export const RESOURCE_KEYS: ReadonlySet<string> = new Set([
  ...RESOURCE_SETTINGS.map(({ path }) => String(path[0])),
  "image",
]);
