import { isObject } from "../../json.ts";

/** Keys of Helm's values and of configurations whose texts are secrets. */
const SECRET_KEY = /pass|secret|token|key|credential|salt|auth|cookie|crypt|dsn|connection/i;
/** What only a generator writes: long, without spaces, letters and digits. */
const GENERATED = /^(?=.*\d)(?=.*[a-z])[\w+/=~-]{24,}$/i;
/** Shorter texts are words that any log has. */
const SHORTEST = 6;

/**
 * The texts in values that are secrets or may be some, to take them out of what a hub prints: whatever has a
 * telling key, looks generated, or is a password in an address.
 */
export function secretTexts(values: unknown, key = ""): string[] {
  if (Array.isArray(values)) return values.flatMap((value) => secretTexts(value, key));
  if (isObject(values))
    return Object.entries(values).flatMap(([name, value]) =>
      secretTexts(value, SECRET_KEY.test(key) ? key : name),
    );
  if (typeof values !== "string" || values.length < SHORTEST) return [];
  if (SECRET_KEY.test(key) || GENERATED.test(values)) return [values, ...passwordsIn(values)];
  return passwordsIn(values);
}

/** All texts, whatever their keys: of what is a secret as a whole. */
export function allTexts(values: unknown): string[] {
  if (Array.isArray(values)) return values.flatMap(allTexts);
  if (isObject(values)) return Object.values(values).flatMap(allTexts);
  return typeof values === "string" && values.length >= SHORTEST ? [values] : [];
}

/** The passwords of addresses such as `postgres://user:password@host/database`. */
const passwordsIn = (text: string): string[] =>
  [...text.matchAll(/:\/\/[^\s/:@]*:([^\s/@]{3,})@/g)].flatMap(([, password]) => password ?? []);

/** Secrets that show what they are, in a line of a log. */
export function maskTelling(text: string): string {
  return text
    .replaceAll(/(:\/\/[^\s/:@]*:)[^\s/@]+@/g, "$1[redacted]@")
    .replaceAll(/\b(token|bearer|basic)\s+[\w.~+/=-]{8,}/gi, "$1 [redacted]")
    .replaceAll(
      /\b([\w-]*(?:password|passwd|secret|token|api[_-]?key))(["']?\s*[=:]\s*["']?)[^\s"'&,;]+/gi,
      "$1$2[redacted]",
    );
}
