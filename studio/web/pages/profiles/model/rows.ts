import { isList, isObject, type Json, type JsonObject } from "../../../../api/json.ts";

/** A profile of the list, with an ID that stays while it is moved and changed. */
export interface Row {
  readonly id: string;
  readonly profile: JsonObject;
}

let made = 0;
const newId = () => `row-${++made}`;

/**
 * The profiles that a profiles.yaml has: a list, or an object whose `profiles` is one.
 * @param before the rows of another version of it; a profile of the same name keeps its ID
 */
export function rowsOf(value: Json | undefined, before: readonly Row[] = []): Row[] {
  const list = isObject(value ?? null) ? (value as JsonObject)["profiles"] : value;
  const ids = new Map(before.map((row) => [nameOf(row), row.id]));
  return (isList(list ?? null) ? (list as readonly Json[]) : []).map((one) => {
    const profile = isObject(one) ? one : {};
    const name = text(profile["display_name"]);
    const id = ids.get(name) ?? newId();
    ids.delete(name);
    return { id, profile };
  });
}

/** A profiles.yaml with other profiles; whatever else it has is kept. */
export function fileOf(rows: readonly Row[], before: Json | undefined): Json {
  const profiles = rows.map(({ profile }) => profile);
  return isObject(before ?? null) ? { ...(before as JsonObject), profiles } : profiles;
}

export const nameOf = ({ profile }: Row): string => text(profile["display_name"]);

/** The profile that is chosen unless users choose another: the one that says so, else the first. */
export function defaultOf(rows: readonly Row[]): Row | undefined {
  return rows.find(({ profile }) => profile["default"] === true) ?? rows[0];
}

export function added(rows: readonly Row[], name: string): Row[] {
  return [...rows, { id: newId(), profile: { display_name: free(name, rows) } }];
}

/** A copy below the original: with a name and a slug of its own, and never the default. */
export function copied(rows: readonly Row[], id: string, copyOf: (name: string) => string): Row[] {
  return rows.flatMap((row) => {
    if (row.id !== id) return [row];
    const { default: _default, slug, ...profile } = row.profile;
    const own = {
      ...profile,
      display_name: free(copyOf(nameOf(row)), rows),
      ...(typeof slug === "string" ? { slug: freeSlug(slug, rows) } : {}),
    };
    return [row, { id: newId(), profile: own }];
  });
}

export const removed = (rows: readonly Row[], id: string): Row[] => rows.filter((row) => row.id !== id);

/** Rows moved before or after another, in their order. */
export function moved(
  rows: readonly Row[],
  ids: ReadonlySet<string>,
  target: string,
  position: "before" | "after",
): Row[] {
  if (ids.has(target)) return [...rows];
  const some = rows.filter(({ id }) => ids.has(id));
  return rows.flatMap((row) => {
    if (ids.has(row.id)) return [];
    if (row.id !== target) return [row];
    return position === "before" ? [...some, row] : [row, ...some];
  });
}

export const changed = (
  rows: readonly Row[],
  id: string,
  change: (profile: JsonObject) => JsonObject,
): Row[] => rows.map((row) => (row.id === id ? { ...row, profile: change(row.profile) } : row));

/** Makes one profile the default, and no other. */
export function withDefault(rows: readonly Row[], id: string): Row[] {
  return rows.map((row) => {
    const isDefault = row.profile["default"] === true;
    if (row.id === id) return isDefault ? row : { ...row, profile: { ...row.profile, default: true } };
    if (!("default" in row.profile)) return row;
    const { default: _default, ...profile } = row.profile;
    return { ...row, profile };
  });
}

const text = (value: Json | undefined) => (typeof value === "string" ? value : "");

function free(name: string, rows: readonly Row[]): string {
  const taken = new Set(rows.map(nameOf));
  return firstFree((count) => (count === 1 ? name : `${name} ${count}`), taken);
}

function freeSlug(slug: string, rows: readonly Row[]): string {
  const taken = new Set(rows.map(({ profile }) => text(profile["slug"])));
  return firstFree((count) => `${slug.slice(0, 56)}-${count + 1}`, taken);
}

function firstFree(named: (count: number) => string, taken: ReadonlySet<string>): string {
  let count = 1;
  while (taken.has(named(count))) count += 1;
  return named(count);
}
