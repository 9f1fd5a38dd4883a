import { isObject, type JsonObject } from "../../json.ts";

/**
 * The objects over each other: objects merge at every depth, everything else (lists too) is replaced, and null
 * stays. Helm merges files of values so, where null takes away a chart's default, and KubeSpawner the settings
 * of profiles, where it takes a key away.
 */
export function deepMerge(...layers: readonly JsonObject[]): JsonObject {
  const merged = new Map<string, unknown>();
  for (const layer of layers) {
    for (const [key, value] of Object.entries(layer)) {
      const below = merged.get(key);
      merged.set(key, isObject(below) && isObject(value) ? deepMerge(below, value) : value);
    }
  }
  return Object.fromEntries(merged);
}
