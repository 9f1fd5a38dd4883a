import { type Amounts, parseQuantity } from "../../../cluster/node-groups/quantity.ts";
import { isObject, type JsonObject } from "../../../json.ts";

const UNITS = { K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 } as const;
type Unit = keyof typeof UNITS;

/**
 * The bytes of a memory setting as JupyterHub reads it: a number, or one with K, M, G or T, each 1024 of the one
 * before. Undefined for anything else, such as Kubernetes' `64Gi`, with which no server would start.
 */
export function memoryBytes(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? Math.trunc(value) : undefined;
  const match = typeof value === "string" ? /^(\d+(?:\.\d+)?)([KMGT])$/.exec(value) : null;
  return match ? Math.trunc(Number(match[1]) * UNITS[match[2] as Unit]) : undefined;
}

/** Bytes as a memory setting: with the largest unit that needs quarters at the most, such as `16G` or `1.5G`. */
export function memoryText(bytes: number): string {
  const unit = (["T", "G", "M", "K"] as const).find(
    (one) => bytes >= UNITS[one] && Number.isInteger((bytes / UNITS[one]) * 4),
  );
  return unit === undefined ? String(bytes) : `${bytes / UNITS[unit]}${unit}`;
}

/**
 * What a person wrote as a size of memory, as KubeSpawner reads it: `64Gi`, `64 GB` and `64g` are `64G`, a number alone
 * counts gigabytes. Undefined where it is no size.
 */
export function readMemory(text: string): string | undefined {
  const [, amount, unit = "G"] = /^(\d+(?:\.\d+)?)\s*(?:([KMGT])(?:i?B?))?$/i.exec(text.trim()) ?? [];
  return amount === undefined ? undefined : `${Number(amount)}${unit.toUpperCase()}`;
}

/** What a person wrote as a disk size, as Kubernetes reads it: `10`, `10 GB` and `10G` are `10Gi`. */
export function readDisk(text: string): string | undefined {
  const size = readMemory(text);
  return size === undefined ? undefined : `${size}i`;
}

/** A size for people: `16 GB`. Of anything that is no size, what is written. */
export function shownSize(value: unknown): string {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)([KMGT])i?$/.exec(String(value ?? "")) ?? [];
  if (amount !== undefined) return `${amount} ${unit === "K" ? "kB" : `${unit}B`}`;
  const bytes = memoryBytes(value);
  return bytes === undefined ? String(value ?? "") : shownSize(memoryText(bytes));
}

/**
 * What a server takes of its node, as the scheduler counts it: what is guaranteed, else the limit, which Kubernetes
 * takes for a guarantee; devices always by their limit.
 * @param overrides settings of KubeSpawner, later ones win: the hub's, the profile's, those of its choices
 */
export function takenBy(...overrides: readonly (JsonObject | undefined)[]): Amounts {
  const settings = Object.assign({}, ...overrides) as JsonObject;
  const memory = memoryBytes(settings["mem_guarantee"]) ?? memoryBytes(settings["mem_limit"]);
  const cpu = parseQuantity(settings["cpu_guarantee"]) ?? parseQuantity(settings["cpu_limit"]);
  const devices = [settings["extra_resource_guarantees"], settings["extra_resource_limits"]]
    .flatMap((some) => Object.entries(isObject(some) ? some : {}))
    .map(([name, amount]) => [name, parseQuantity(amount) ?? 0] as const);
  return {
    ...(memory === undefined ? {} : { memory }),
    ...(cpu === undefined ? {} : { cpu }),
    ...Object.fromEntries(devices),
  };
}
