import { isList, isObject, type Json, type JsonObject } from "../../../api/json.ts";
import { nameOf, rowsOf } from "../profiles/model/rows.ts";

/** The entries that an images.yaml has; none of a file that is not there. */
export const entriesOf = (value: unknown): JsonObject => (isObject(value) ? value : {});

/** What keeps a text from being the name of another entry. */
export function keyFault(key: string, entries: JsonObject): "malformed" | "taken" | undefined {
  if (!/^[\w.-]{1,63}$/.test(key)) return "malformed";
  return Object.hasOwn(entries, key) ? "taken" : undefined;
}

/** An images.yaml with another entry, whose policy is the default one. */
export const withEntry = (value: unknown, key: string, repository: string): JsonObject => ({
  ...entriesOf(value),
  [key]: { repository },
});

/** An images.yaml without an entry; null where there is no file and it would be empty. */
export function withoutEntry(value: unknown, key: string, file: unknown): Json {
  const left = Object.entries(entriesOf(value)).filter(([one]) => one !== key);
  return left.length === 0 && (file ?? null) === null ? null : Object.fromEntries(left);
}

/** The names of the profiles that offer the images of an entry. @param profiles what profiles.yaml says */
export function usersOf(key: string, profiles: Json | undefined): string[] {
  const using = rowsOf(profiles).filter(({ profile }) => {
    const images = profile["images"] ?? [];
    return (isList(images) ? images : [images]).includes(key);
  });
  return using.map(nameOf);
}
