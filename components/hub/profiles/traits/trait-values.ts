import { isObject } from "../../../json.ts";
import type { Problem } from "../../../problem/problem.ts";
import type { TraitKind } from "./kubespawner-traits.ts";

const isText = (value: unknown) => typeof value === "string";
const isNumber = (value: unknown) => typeof value === "number" && Number.isFinite(value);
const isTexts = (value: unknown) => Array.isArray(value) && value.every(isText);
const isTextOrList = (value: unknown) => isText(value) || Array.isArray(value);
/** JupyterHub's sizes: bytes, or a number with one of its suffixes. */
const isBytes = (value: unknown) =>
  isNumber(value) || (typeof value === "string" && /^\d+(\.\d+)?[KMGT]$/.test(value));

const SIZE = "a number of bytes, or a number with K, M, G or T, such as 4G";

/** Whether a value is of a kind, and how that kind is written. */
const KINDS: Readonly<Record<TraitKind, readonly [is: (value: unknown) => boolean, written: string]>> = {
  text: [isText, "a string"],
  "text or null": [isText, "a string, or null"],
  integer: [Number.isInteger, "a whole number without quotes"],
  "integer or null": [Number.isInteger, "a whole number without quotes, or null"],
  "number from 0 to 1": [
    (value) => typeof value === "number" && value >= 0 && value <= 1,
    "a number from 0 to 1 without quotes",
  ],
  "number or null": [isNumber, "a number without quotes, or null"],
  "bytes or null": [isBytes, `${SIZE}, or null`],
  boolean: [(value) => typeof value === "boolean", "true or false"],
  "boolean or null": [(value) => typeof value === "boolean", "true, false or null"],
  list: [Array.isArray, "a list"],
  "list of texts": [isTexts, "a list of strings"],
  "text or list of texts": [(value) => isText(value) || isTexts(value), "a list of strings, or a string"],
  "text, list of texts or null": [
    (value) => isText(value) || isTexts(value),
    "a string, a list of strings or null",
  ],
  "text or list": [isTextOrList, "a list, or a string"],
  object: [isObject, "a mapping"],
  "list or object": [(value) => Array.isArray(value) || isObject(value), "a list or a mapping"],
  "safe or escape": [(value) => value === "safe" || value === "escape", "safe or escape"],
  function: [() => false, "Python code in the hub's own configuration"],
};

/** Kinds without "null" in their name that take it all the same. */
const NULLABLE: ReadonlySet<TraitKind> = new Set(["function"]);

/**
 * What is wrong with the value of a trait: KubeSpawner would refuse it at every start.
 * @param kind what the trait takes
 */
export function traitFault(
  name: string,
  kind: TraitKind,
  value: unknown,
): Pick<Problem, "code" | "message" | "remedy"> | undefined {
  const [is, written] = KINDS[kind];
  // What a user completes is a text, whatever the user writes.
  if (isTemplate(value) && /text|bytes/.test(kind)) return undefined;
  const fits = value === null ? kind.endsWith("or null") || NULLABLE.has(kind) : is(value);
  if (fits) return undefined;
  const meant = meantBy(kind, value);
  return {
    code: "wrong-type",
    message: `KubeSpawner does not accept ${shown(value)} as ${name}, and no server with it would start`,
    remedy: meant === undefined ? `Write ${written}` : `Write ${meant}: the setting takes ${written}`,
  };
}

const isTemplate = (value: unknown) => typeof value === "string" && value.includes("{value}");

/** What the author most likely meant: `4Gi` is `4G` there, and `"2"` is `2`. */
function meantBy(kind: TraitKind, value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  if (kind === "bytes or null")
    return /^(\d+(\.\d+)?)([KMGT])i?B?$/i.exec(value.trim()) ? sized(value) : undefined;
  const isNumeric = kind.startsWith("number") || kind.startsWith("integer");
  if (isNumeric && value.trim() !== "" && KINDS[kind][0](Number(value))) return value.trim();
  if (kind.startsWith("boolean") && /^(true|false)$/i.test(value)) return value.toLowerCase();
  return undefined;
}

const sized = (value: string) => value.trim().replace(/i?B?$/i, "").toUpperCase();

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
