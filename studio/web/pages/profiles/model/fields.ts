import { isObject, type Json, type JsonObject } from "../../../../api/json.ts";

/** A place in a profile: keys and indices. */
export type FieldPath = readonly (string | number)[];

/** What a profile has at a place. */
export function fieldAt(profile: Json, path: FieldPath): Json | undefined {
  let at: Json | undefined = profile;
  for (const step of path) {
    if (Array.isArray(at)) at = (at as readonly Json[])[Number(step)];
    else if (isObject(at ?? null) && Object.hasOwn(at as JsonObject, String(step)))
      at = (at as JsonObject)[step];
    else return undefined;
  }
  return at;
}

/**
 * A profile with something else at a place; undefined removes it, and objects on the way that are empty then. Whatever
 * is not on the way stays as it is.
 */
export function withField(profile: JsonObject, path: FieldPath, value: Json | undefined): JsonObject {
  const [key, ...rest] = path;
  if (key === undefined) return isObject(value ?? null) ? (value as JsonObject) : profile;
  const name = String(key);
  const inner = rest.length === 0 ? value : nested(profile[name], rest, value);
  if (inner !== undefined) return { ...profile, [name]: inner };
  return Object.fromEntries(Object.entries(profile).filter(([one]) => one !== name));
}

function nested(held: Json | undefined, path: FieldPath, value: Json | undefined): Json | undefined {
  const after = withField(isObject(held ?? null) ? (held as JsonObject) : {}, path, value);
  return value === undefined && Object.keys(after).length === 0 ? undefined : after;
}

/** A key of an object under another name, in the same place. */
export function renamedKey(object: JsonObject, before: string, after: string): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [key === before ? after : key, value]),
  );
}

/** A key that is free, made of a name: `16 GB` gives `16-gb`. */
export function freeKey(name: string, taken: Iterable<string>): string {
  const used = new Set(taken);
  const base =
    name
      .normalize("NFKD")
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, "")
      .slice(0, 60) || "choice";
  // A key that is a number alone has no place of its own among others.
  const own = /^\d+$/.test(base) ? `c-${base}` : base;
  let key = own;
  for (let count = 2; used.has(key); count += 1) key = `${own}-${count}`;
  return key;
}
