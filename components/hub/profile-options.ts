import type { Problem } from "../problem/problem.ts";
import { deepMerge, isObject, type JsonObject } from "./deep-merge.ts";
import { secondDefault } from "./profile-checks.ts";
import type { Profile, ProfilesFile } from "./profiles-file.ts";

/** An option that a profile's node groups or images bring along. */
export interface BroughtOption {
  readonly option: JsonObject;
  /** The choice that is the default where the file names none: keys that are numbers keep no order. */
  readonly first: string;
}

/** What a profile's options are made of, beside what the file says of them. */
export type BroughtOptions = Readonly<Record<string, BroughtOption | undefined>>;

/** A profile's options: those that are brought along, under what the file says of them. */
export function profileOptions(
  { profile_options: written = {} }: Profile,
  path: readonly PropertyKey[],
  brought: BroughtOptions,
  file: ProfilesFile,
  problems: Problem[],
): Record<string, JsonObject> {
  const bare = Object.entries(brought).flatMap(([key, it]) => (it ? [[key, it.option] as const] : []));
  const merged = Object.entries(deepMerge(Object.fromEntries(bare), written));
  const options = merged.flatMap(([key, option]) => {
    if (!isObject(option)) return [];
    const defaults = defaultsOf(option);
    const said = defaultsOf(written[key] ?? {});
    // Two among those that are brought along are reported where they stand.
    const tooMany = defaults.length > said.length ? said : said.slice(1);
    for (const choice of tooMany) {
      const at = [...path, key, "choices", choice, "default"];
      problems.push(file.problem(at, secondDefault("choice")));
    }
    return [[key, withDefault(option, defaults[0] ?? brought[key]?.first)] as const];
  });
  return Object.fromEntries(options);
}

/** Says which choice is the default: Helm sorts keys, so the first here need not be the first there. */
function withDefault(option: JsonObject, key: string | undefined): JsonObject {
  if (!isObject(option["choices"])) return option;
  const entries = choicesOf(option);
  const chosen = key ?? entries[0]?.[0];
  const said = entries.map(([name, { default: _, ...choice }]) => [
    name,
    name === chosen ? { ...choice, default: true } : choice,
  ]);
  return { ...option, choices: Object.fromEntries(said) };
}

const defaultsOf = (option: JsonObject) =>
  choicesOf(option).flatMap(([key, choice]) => (choice["default"] === true ? [key] : []));

function choicesOf({ choices }: JsonObject): [string, JsonObject][] {
  return Object.entries(isObject(choices) ? choices : {}).filter((entry): entry is [string, JsonObject] =>
    isObject(entry[1]),
  );
}
