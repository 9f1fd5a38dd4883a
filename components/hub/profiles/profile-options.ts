import { isObject, type JsonObject } from "../../json.ts";
import type { Problem } from "../../problem/problem.ts";
import { deepMerge } from "../values/deep-merge.ts";
import { secondDefault } from "./profile-checks.ts";
import type { Profile, ProfilesFile } from "./profiles-file.ts";
import { REQUIRED } from "./unlisted-choice.ts";

/** An option that a profile's node groups or images bring along. */
export interface BroughtOption {
  readonly option: JsonObject;
  /** The choice that is the default where the file names none: keys that are numbers keep no order. */
  readonly first: string;
}

/** What a profile's options are made of, beside what the file says; "faulty" where a problem is reported. */
export type BroughtOptions = Readonly<Record<string, BroughtOption | "faulty" | undefined>>;

/** The key of a choice that is brought along: a whole number would lose its place among the others. */
export const choiceKey = (text: string) => (/^(0|[1-9]\d*)$/.test(text) ? `tag-${text}` : text);

type Report = (path: readonly PropertyKey[], about: Parameters<ProfilesFile["problem"]>[1]) => void;

/** A profile's options: those that are brought along, under what the file says of them. */
export function profileOptions(
  { profile_options: written = {} }: Profile,
  path: readonly PropertyKey[],
  brought: BroughtOptions,
  file: ProfilesFile,
  problems: Problem[],
): Record<string, JsonObject> {
  const bare = Object.entries(brought).flatMap(([key, it]) =>
    it === undefined || it === "faulty" ? [] : [[key, it.option] as const],
  );
  const broughtBy = (key: string) => (Object.hasOwn(brought, key) ? brought[key] : undefined);
  const own = Object.entries(written).map(([key, option]) => [key, byBroughtKeys(option, broughtBy(key))]);
  const merged = Object.entries(deepMerge(Object.fromEntries(bare), Object.fromEntries(own)));
  const options = merged.flatMap(([key, option]) => {
    if (!isObject(option)) return [];
    const report: Report = (inner, about) =>
      void problems.push(file.problem([...path, key, ...inner], about));
    const from = broughtBy(key);
    checkDefaults(option, (Object.hasOwn(written, key) && written[key]) || {}, report);
    if (from === "faulty") return [];
    if (from === undefined) checkOrder(option, [...path, key, "choices"], file, report);
    checkOffer(key, option, report);
    return [[key, withDefault(option, from?.first)] as const];
  });
  return Object.fromEntries(options);
}

/** What the file says of a choice that is brought along under another key, such as `tag-16` for the node group `16`. */
function byBroughtKeys(written: JsonObject, brought: BroughtOptions[string]): JsonObject {
  const { choices } = written;
  if (brought === undefined || brought === "faulty" || !isObject(choices)) return written;
  const known = new Set(choicesOf(brought.option).map(([key]) => key));
  const renamed = Object.entries(choices).map(([key, choice]) => [
    known.has(choiceKey(key)) ? choiceKey(key) : key,
    choice,
  ]);
  return { ...written, choices: Object.fromEntries(renamed) };
}

function checkDefaults(option: JsonObject, written: JsonObject, report: Report): void {
  const defaults = defaultsOf(option);
  const said = defaultsOf(written);
  // Two among those that are brought along are reported where they stand.
  const tooMany = defaults.length > said.length ? said : said.slice(1);
  for (const choice of tooMany) report(["choices", choice, "default"], secondDefault("choice"));
}

/** JSON objects and Python's dictionaries order whole numbers by size, or not at all. */
function checkOrder(
  option: JsonObject,
  path: readonly PropertyKey[],
  file: ProfilesFile,
  report: Report,
): void {
  const keys = choicesOf(option).map(([key]) => key);
  if (keys.length < 2 || !keys.some((key) => /^(0|[1-9]\d*)$/.test(key))) return;
  if (defaultsOf(option).length === 0) {
    report(["choices"], UNORDERED);
    return;
  }
  const places = keys.map((key) => {
    const { line = 0, column = 0 } = file.problem([...path, key], UNORDERED);
    return [line, column] as const;
  });
  const isWritten = places.every(([line, column], index) => {
    const [above = 0, left = 0] = places[index - 1] ?? [];
    return line > above || (line === above && column > left);
  });
  if (!isWritten) report(["choices"], OTHER_ORDER);
}

/** KubeSpawner's page shows nothing for an option without a name, and fails without a choice. */
function checkOffer(key: string, option: JsonObject, report: Report): void {
  if (option["display_name"] === undefined) report(["display_name"], REQUIRED);
  if (choicesOf(option).length > 0) return;
  const several = SOURCES.get(key);
  report([], {
    code: "no-choice",
    message: "the option has no choices, so KubeSpawner can't start a server for who chooses nothing",
    remedy: `${several ? `Name several ${several}, or give` : "Give"} it choices; the first is the default`,
  });
}

/** What brings an option along, where the profile names more than one. */
const SOURCES: ReadonlyMap<string, string> = new Map([
  ["node_group", "node groups"],
  ["image", "images"],
]);

const UNORDERED = {
  code: "no-default",
  message: "numeric keys have no order, so there is no first choice to be the default",
  remedy: "Mark the default choice with default: true",
};

const OTHER_ORDER = {
  code: "other-order",
  message: "numeric keys are sorted by size, so users would not see the choices in this order",
  remedy: "Begin the keys with a letter, such as m4, or write them in ascending order",
};

/** Says which choice is the default: Helm sorts keys, so the first here need not be the first there. */
function withDefault(option: JsonObject, first: string | undefined): JsonObject {
  const entries = choicesOf(option);
  const chosen = defaultsOf(option)[0] ?? first ?? entries[0]?.[0];
  const said = entries.map(([name, { default: _, ...choice }]) => [
    name,
    name === chosen ? { ...choice, default: true } : choice,
  ]);
  // Written even where there are none: the spawn page's template reads them.
  return { ...option, choices: Object.fromEntries(said) };
}

const defaultsOf = (option: JsonObject) =>
  choicesOf(option).flatMap(([key, choice]) => (choice["default"] === true ? [key] : []));

function choicesOf({ choices }: JsonObject): [string, JsonObject][] {
  return Object.entries(isObject(choices) ? choices : {}).filter((entry): entry is [string, JsonObject] =>
    isObject(entry[1]),
  );
}
