/** What the language's own JSON can do since V8 11.4, and its type doesn't know yet. */
interface SpellingJson {
  parse(
    text: string,
    revive: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown;
  rawJSON(text: string): unknown;
}

const json = JSON as unknown as SpellingJson;

/** The number in quotes of a chapter or a section, as it is spelled; undefined where it is something else. */
export function numberInText(key: string, value: unknown): string | undefined {
  if (typeof value !== "string" || !isNumberKey(key)) return undefined;
  return /^\s*((?:0|[1-9]\d*)(?:\.\d+)?)\s*$/.exec(value)?.[1];
}

const isNumberKey = (key: string) => /^(?:chapter|section)Number$/.test(key);

/**
 * Parses the JSON of a `course.json` such that writing it as JSON again spells the numbers of chapters and
 * sections as the author did: `1.10` is another chapter than `1.1`, but the same number.
 */
export function parseKeepingNumbers(text: string): unknown {
  return json.parse(text, (key, value, { source }) => {
    const quoted = numberInText(key, value);
    if (quoted !== undefined) return json.rawJSON(quoted);
    const isNumber = typeof value === "number" && isNumberKey(key);
    return isNumber && source !== undefined && source !== String(value) ? json.rawJSON(source) : value;
  });
}
