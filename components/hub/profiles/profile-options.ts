import { isObject, type JsonObject } from "../../json.ts";
import type { Problem } from "../../problem/problem.ts";
import { deepMerge } from "../values/deep-merge.ts";
import { REQUIRED, secondDefault } from "./profile-checks.ts";
import type { Profile, ProfilesFile } from "./profiles-file.ts";

/** An option that a profile's node groups or images bring along. */
export interface BroughtOption {
  readonly option: JsonObject;
  /** The choice that is the default where the file names none: keys that are numbers keep no order. */
  readonly first: string;
}

/** What a profile's options are made of, beside what the file says; "faulty" where a problem is reported. */
export type BroughtOptions = Readonly<Record<string, BroughtOption | "faulty" | undefined>>;

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
  const merged = Object.entries(deepMerge(Object.fromEntries(bare), written));
  const options = merged.flatMap(([key, option]) => {
    if (!isObject(option)) return [];
    const report: Report = (inner, about) =>
      void problems.push(file.problem([...path, key, ...inner], about));
    const from = brought[key];
    checkDefaults(option, written[key] ?? {}, report);
    if (from === "faulty") return [];
    if (from === undefined) checkOrder(option, report);
    checkOffer(key, option, report);
    return [[key, withDefault(option, from?.first)] as const];
  });
  return Object.fromEntries(options);
}

function checkDefaults(option: JsonObject, written: JsonObject, report: Report): void {
  const defaults = defaultsOf(option);
  const said = defaultsOf(written);
  // Two among those that are brought along are reported where they stand.
  const tooMany = defaults.length > said.length ? said : said.slice(1);
  for (const choice of tooMany) report(["choices", choice, "default"], secondDefault("choice"));
}

function checkOrder(option: JsonObject, report: Report): void {
  const keys = choicesOf(option).map(([key]) => key);
  if (defaultsOf(option).length > 0 || keys.length < 2) return;
  if (keys.some((key) => /^(0|[1-9]\d*)$/.test(key))) report(["choices"], UNORDERED);
}

/** KubeSpawner's page shows nothing for an option without a name, and fails without a choice. */
function checkOffer(key: string, option: JsonObject, report: Report): void {
  if (option["display_name"] === undefined) report(["display_name"], REQUIRED);
  const { unlisted_choice: unlisted } = option;
  if (choicesOf(option).length > 0 || (isObject(unlisted) && unlisted["enabled"] === true)) return;
  const several = SOURCES.get(key);
  report([], {
    code: "no-choice",
    message: "the option has no choices",
    remedy: `${several ? `Name several ${several}, give` : "Give"} it choices, or enable unlisted_choice`,
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
