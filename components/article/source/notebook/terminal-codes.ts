// biome-ignore lint/suspicious/noControlCharactersInRegex: every such sequence begins with it
const SEQUENCE = /\u001b\[[0-?]*[ -/]*[@-~]/g;

/** A text without the colours that a terminal would show it in. */
interface Uncoloured {
  readonly text: string;
  /** Where a character of it is in the text with colours. Both in UTF-16 units. */
  readonly origin: (offset: number) => number;
}

/**
 * The two ways to read a text around its colour codes: each code is a gap (`a[31mb` is `a b`), or nothing
 * (`a[31mb` is `ab`). What begins after a code shows in the first, what a code splits in the second. None where
 * the text has no codes.
 */
export function uncoloured(text: string): Uncoloured[] {
  if (!text.includes("\u001b[")) return [];
  const gaps = text.replaceAll(SEQUENCE, (code) => " ".repeat(code.length));
  return [
    { text: gaps, origin: (offset) => offset },
    { text: text.replaceAll(SEQUENCE, ""), origin: (offset) => originOf(text, offset) },
  ];
}

function originOf(text: string, offset: number): number {
  let origin = offset;
  for (const code of text.matchAll(SEQUENCE)) {
    if (code.index > origin) break;
    origin += code[0].length;
  }
  return origin;
}
