import { isObject, type Json, type JsonObject } from "../../../../api/json.ts";
import { type FieldPath, fieldAt, freeKey, withField } from "./fields.ts";
import { movedKey, shownKeys, withOrder } from "./ordered-keys.ts";

const OPTIONS = "profile_options";

/**
 * Options that several images and node groups of a profile bring along. Their keys, and those of their choices, are given; the
 * letter begins the keys of what is moved behind them.
 */
const BROUGHT: ReadonlyMap<string, string> = new Map([
  ["image", "m"],
  ["node_group", "z"],
]);

/** Where a profile has an option. */
export const optionPath = (option: string): FieldPath => [OPTIONS, option];
/** Where a profile has a choice of an option. */
export const choicePath = (option: string, choice: string): FieldPath => [OPTIONS, option, "choices", choice];

/** Whether the choices of an option are given by the profile's images or node groups. */
export const isBrought = (option: string): boolean => BROUGHT.has(option);

/** What a value has at a place, if it is an object; else an empty one. */
export function objectAt(value: Json, path: FieldPath): JsonObject {
  const found = fieldAt(value, path) ?? null;
  return isObject(found) ? found : {};
}

const choicesOf = (profile: JsonObject, option: string) => objectAt(profile, [OPTIONS, option, "choices"]);

/** The choice that users get who choose none: the one that says so, else the first of the file. */
export function defaultChoice(option: JsonObject): string | undefined {
  const choices = objectAt(option, ["choices"]);
  const keys = Object.keys(choices);
  return keys.find((key) => fieldAt(choices, [key, "default"]) === true) ?? keys[0];
}

/** A profile with another option that has one choice. */
export function addedOption(profile: JsonObject, name: string, choice: string): JsonObject {
  const key = freeKey(name, Object.keys(objectAt(profile, [OPTIONS])));
  const choices = { [freeKey(choice, [])]: { display_name: choice, default: true } };
  return withField(profile, optionPath(key), { display_name: name, choices });
}

/** A profile with a copy of an option, which has a key and a name of its own. */
export function copiedOption(profile: JsonObject, option: string, name: string): JsonObject {
  const copy = { ...objectAt(profile, optionPath(option)), display_name: name };
  return withField(profile, optionPath(copyKey(option, objectAt(profile, [OPTIONS]))), copy);
}

/** A profile whose option is a place earlier or later for users; the same profile where it can't be. */
export function movedOption(profile: JsonObject, option: string, by: -1 | 1): JsonObject {
  const options = objectAt(profile, [OPTIONS]);
  const wanted = movedKey(shownKeys(options), option, by);
  const moved = wanted && withOrder(options, wanted, BROUGHT);
  return moved === undefined ? profile : withField(profile, [OPTIONS], moved);
}

/** A profile with another choice of an option. */
export function addedChoice(profile: JsonObject, option: string, name: string): JsonObject {
  const key = freeKey(name, Object.keys(choicesOf(profile, option)));
  return withField(profile, choicePath(option, key), { display_name: name });
}

/** A profile with a copy of a choice, which has a key and a name of its own and is not the default. */
export function copiedChoice(profile: JsonObject, option: string, choice: string, name: string): JsonObject {
  const { default: _default, ...held } = objectAt(profile, choicePath(option, choice));
  const key = copyKey(choice, choicesOf(profile, option));
  return withField(profile, choicePath(option, key), { ...held, display_name: name });
}

/** A profile whose choice is a place earlier or later for users; the default stays the same choice. */
export function movedChoice(profile: JsonObject, option: string, choice: string, by: -1 | 1): JsonObject {
  const chosen = defaultChoice(objectAt(profile, optionPath(option)));
  const choices = withDefault(choicesOf(profile, option), chosen);
  const wanted = isBrought(option) ? undefined : movedKey(shownKeys(choices), choice, by);
  const moved = wanted && withOrder(choices, wanted);
  return moved === undefined ? profile : withField(profile, [OPTIONS, option, "choices"], moved);
}

/** A profile in which one choice of an option is the default, and no other. */
export const withDefaultChoice = (profile: JsonObject, option: string, choice: string): JsonObject =>
  withField(profile, [OPTIONS, option, "choices"], withDefault(choicesOf(profile, option), choice));

function withDefault(choices: JsonObject, chosen: string | undefined): JsonObject {
  return Object.fromEntries(
    Object.entries(choices).map(([key, choice]) => {
      if (!isObject(choice) || (choice["default"] === true) === (key === chosen)) return [key, choice];
      const { default: _default, ...rest } = choice;
      return [key, key === chosen ? { ...rest, default: true } : rest];
    }),
  );
}

/** A key that is free and, for users, follows the one that is copied. */
function copyKey(key: string, taken: JsonObject): string {
  let count = 2;
  while (Object.hasOwn(taken, `${key}-${count}`)) count += 1;
  return `${key}-${count}`;
}
