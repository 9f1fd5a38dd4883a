/** What the language's own JSON can do since V8 11.4, and its type doesn't know yet. */
interface SpellingJson {
  parse(
    text: string,
    revive: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown;
  rawJSON(text: string): unknown;
}

const json = JSON as unknown as SpellingJson;

/**
 * Parses the JSON of a `course.json` such that writing it as JSON again spells the numbers of chapters and
 * sections as the author did: `1.10` is another chapter than `1.1`, but the same number.
 */
export function parseKeepingNumbers(text: string): unknown {
  return json.parse(text, (key, value, { source }) => {
    const isNumber = typeof value === "number" && /^(?:chapter|section)Number$/.test(key);
    return isNumber && source !== undefined && source !== String(value) ? json.rawJSON(source) : value;
  });
}
