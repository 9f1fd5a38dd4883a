import { isDeepStrictEqual } from "node:util";
import { isMap, parseDocument } from "yaml";
import { isObject, type JsonObject } from "../../../../components/json.ts";
import type { StackConfig } from "../../../../stacks/config.ts";

type Key = keyof StackConfig;

/**
 * Settings that are data: none of them says where credentials go, which command or file is run or read, or what a stack
 * is a part of.
 */
export const DATA: readonly Key[] = [
  "aliasPrefix",
  "articles",
  "at",
  "confirmRemovals",
  "embedHosts",
  "externalKernels",
  "forceDuplicateQuestions",
  "freezeCourses",
  "gateway",
  "images",
  "kernels",
  "override",
  "parallelCreations",
  "pollInterval",
  "processingLimit",
  "requestLimit",
  "requestTimeout",
  "rules",
  "settleTime",
  "throughFreeze",
  "titlePrefix",
  "visibility",
];

const NAMES = DATA.map((key) => `lectern:${key}`);

/**
 * The base's text of `Pulumi.<stack>.yaml` with the data of another one. Only values are taken from that one, never its text, so
 * it does not matter whether another parser would read something else in its text.
 * @returns undefined where anything else differs, or a text can't be read
 */
export function withDataOf(base: string, head: string): string | undefined {
  const document = parseDocument(base);
  const [before, after] = [plainOf(base), plainOf(head)];
  if (!before || !after || !isDeepStrictEqual(before.rest, after.rest)) return undefined;
  const changed = NAMES.filter((name) => !isDeepStrictEqual(before.data[name], after.data[name]));
  // A secret under another name would be shown.
  if (changed.some((name) => hasSecret(before.data[name]) || hasSecret(after.data[name]))) return undefined;
  if (changed.length === 0) return base;
  if (!isMap(document.get("config"))) document.set("config", document.createNode({}));
  for (const name of changed) {
    const value = after.data[name];
    if (value === undefined) document.deleteIn(["config", name]);
    else document.setIn(["config", name], document.createNode(value, { flow: true }));
  }
  return document.toString({ lineWidth: 0, defaultStringType: "QUOTE_DOUBLE" });
}

interface Settings {
  /** By full key. */
  readonly data: JsonObject;
  /** Everything else of the file. */
  readonly rest: unknown;
}

function plainOf(text: string): Settings | undefined {
  const document = parseDocument(text);
  if (document.errors.length > 0) return undefined;
  const file: unknown = document.toJS() ?? {};
  if (!isObject(file)) return undefined;
  const { config = {}, ...others } = file;
  if (config !== null && !isObject(config)) return undefined;
  const entries = Object.entries(config ?? {});
  const isData = ([name]: readonly [string, unknown]) => NAMES.includes(name);
  return {
    data: Object.fromEntries(entries.filter(isData)),
    rest: { others, config: Object.fromEntries(entries.filter((entry) => !isData(entry))) },
  };
}

/** Whether a value has anything that Pulumi would decrypt. */
function hasSecret(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasSecret);
  return isObject(value) && (Object.hasOwn(value, "secure") || Object.values(value).some(hasSecret));
}
