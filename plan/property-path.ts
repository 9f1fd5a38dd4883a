import { isObject } from "../components/json.ts";

/** A place at which two values differ; what one side lacks is undefined. */
interface Difference {
  /** In Pulumi's syntax for property paths: `title`, `parts.x`, `images[0]`, `parts["image bell.png"]`. */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** Where two JSON values differ. A value that only one side has is one place. */
export function differences(before: unknown, after: unknown, path = ""): Difference[] {
  if (Object.is(before, after)) return [];
  const isList = Array.isArray(before) && Array.isArray(after);
  if (!isList && !(isObject(before) && isObject(after))) return [{ path, before, after }];
  const [old, now] = [entriesOf(before), entriesOf(after)];
  const keys = [...old.keys(), ...[...now.keys()].filter((key) => !old.has(key))];
  return keys.flatMap((key) => {
    const [one, other] = [old.get(key), now.get(key)];
    // Most are equal, and a path takes longer to write than a value to compare.
    if (Object.is(one, other)) return [];
    return differences(one, other, isList ? `${path}[${key}]` : join(path, key));
  });
}

const entriesOf = (value: object): ReadonlyMap<string, unknown> => new Map(Object.entries(value));

/** The paths of {@link differences}. */
export const differingPaths = (before: unknown, after: unknown): string[] =>
  differences(before, after).map(({ path }) => path);

function join(path: string, key: string): string {
  if (!/^[A-Za-z_$][\w$-]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}
