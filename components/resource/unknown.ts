/** The SDK's stand-in for a value that is not known before `up`. */
const SENTINEL = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Whether a value, as the engine hands it over in a preview, is not known yet. */
export const isUnknown = (value: unknown): boolean => value === SENTINEL;

/** Whether a value or anything in it is not known yet. */
export function hasUnknown(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return isUnknown(value);
  return Object.values(value).some(hasUnknown);
}

/** Whether what is at a path, or what it is in, is not known yet. */
export function isUnknownAt(value: unknown, path: readonly PropertyKey[]): boolean {
  if (isUnknown(value)) return true;
  const [first, ...rest] = path;
  if (first === undefined || typeof value !== "object" || value === null) return false;
  return isUnknownAt(Reflect.get(value, first), rest);
}
