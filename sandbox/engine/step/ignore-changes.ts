import { isObject, isSecret, type PropertyMap, type Value } from "../value/values.ts";

/**
 * `news` with the value of `olds` at each of the paths, as `ignoreChanges` asks: `title`,
 * `metadata.labels`, `items[0].name`, `items[*].name`, or `*` for everything.
 */
export function ignoreChanges(news: PropertyMap, olds: PropertyMap, paths: readonly string[]): PropertyMap {
  let result: Value = news;
  for (const path of paths) result = reset(result, olds, parsePath(path));
  return isObject(result) ? result : news;
}

/** The keys of a Pulumi property path: `a.b[0]["c.d"]` is `a`, `b`, `0`, `c.d`. */
function parsePath(path: string): string[] {
  const parts = path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+|\*)\]|([^.[\]]+)/g);
  return [...parts].map(([, quoted, index, name]) => quoted?.replaceAll('\\"', '"') ?? index ?? name ?? "");
}

function reset(now: Value, old: Value | undefined, path: readonly string[]): Value {
  const [key, ...rest] = path;
  if (key === undefined) return old === undefined ? now : old;
  if (key === "*" && rest.length === 0) return old ?? now;
  if (isSecret(now) || isSecret(old)) return old ?? now;
  if (Array.isArray(now) && Array.isArray(old)) {
    return now.map((item, index) =>
      key === "*" || key === String(index) ? reset(item, old[index], rest) : item,
    );
  }
  return isObject(now) && isObject(old) ? resetKeys(now, old, key, rest) : now;
}

function resetKeys(now: PropertyMap, old: PropertyMap, key: string, rest: readonly string[]): Value {
  const keys = key === "*" ? Object.keys(now) : [key];
  const result = { ...now };
  for (const name of keys) {
    const before = old[name];
    const current = now[name];
    if (rest.length > 0) {
      if (current !== undefined) result[name] = reset(current, before, rest);
    } else if (before === undefined) delete result[name];
    else result[name] = before;
  }
  return result;
}
