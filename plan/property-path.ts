import { isDeepStrictEqual } from "node:util";
import { isObject } from "../components/json.ts";

/**
 * The paths at which two JSON values differ, in Pulumi's syntax for property paths: `title`, `parts.x`,
 * `images[0]`, `parts["image bell.png"]`. A value that only one side has is one path.
 */
export function differingPaths(before: unknown, after: unknown, path = ""): string[] {
  if (isDeepStrictEqual(before, after)) return [];
  const isList = Array.isArray(before) && Array.isArray(after);
  if (!isList && !(isObject(before) && isObject(after))) return [path];
  const [old, now] = [{ ...before }, { ...after }] as Record<string, unknown>[];
  const keys = [...new Set([...Object.keys(old ?? {}), ...Object.keys(now ?? {})])];
  return keys.flatMap((key) =>
    differingPaths(old?.[key], now?.[key], isList ? `${path}[${key}]` : join(path, key)),
  );
}

function join(path: string, key: string): string {
  if (!/^[A-Za-z_$][\w$-]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}
