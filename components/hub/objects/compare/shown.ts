import { isObject } from "../../../json.ts";

const LONGEST = 60;

/** A value in one short line; undefined where it has no such form, as a text of several lines. */
export function shown(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value)) {
    if (value.some((item) => isObject(item) || Array.isArray(item))) return undefined;
    return fitting(`[${value.join(", ")}]`);
  }
  if (isObject(value)) return Object.keys(value).length === 0 ? "{}" : undefined;
  const text = String(value);
  return text === "" ? '""' : fitting(text);
}

const fitting = (text: string) => (text.length > LONGEST || text.includes("\n") ? undefined : text);
