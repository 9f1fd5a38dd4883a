/** How much numbers may differ: by either of the two. */
export interface Tolerance {
  /** A share of the larger number, such as 0.001. */
  readonly relative: number;
  readonly absolute: number;
}

/** Where two texts differ first, as a person would read it. */
export interface TextDifference {
  readonly expected: string;
  readonly actual: string;
}

/** Characters that are compared. */
const COMPARED = 200_000;
/** Characters of a text that are shown. */
const SHOWN = 80;

/** What differs from run to run, and says nothing about a result. */
const VOLATILE: readonly (readonly [RegExp, string])[] = [
  // A progress bar writes over its own line.
  [/^[^\n]*\r(?!\n|$)/gm, ""],
  [/\b0x[0-9a-f]{4,}\b/gi, "<address>"],
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?/g, "<time>"],
  [/\b\d{1,2}:\d\d:\d\d(?:\.\d+)?\b/g, "<time>"],
  [
    /(?<![\w.])\d+(?:\.\d+)?(?:e[-+]?\d+)? ?(?:ns|[uµμ]s|ms|s|secs?|seconds?|mins?|minutes?|h|hours?)\b/gi,
    "<time>",
  ],
  [/\bipykernel_\d+\/\d+\.py/g, "<cell>"],
];

const NUMBER = /[-+]?(?<![\w.])(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?(?=j\b|(?!\.?\w))/gi;

/**
 * The first difference between two texts; undefined where they are the same but for whitespace, memory addresses,
 * times, and numbers within the tolerance.
 */
export function textDifference(
  expected: string,
  actual: string,
  tolerance: Tolerance,
): TextDifference | undefined {
  if (expected === actual) return undefined;
  const [a, b] = [tokensOf(expected), tokensOf(actual)];
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    if (!isSame(a[index], b[index], tolerance)) return { expected: shown(a, index), actual: shown(b, index) };
  }
  return undefined;
}

interface Token {
  readonly text: string;
  /** Where it is a number. */
  readonly value?: number;
  /** Where it begins in the text that is compared, and that text. */
  readonly at: number;
  readonly of: string;
}

/** Numbers, and what is between them without its whitespace. */
function tokensOf(text: string): Token[] {
  const stable = VOLATILE.reduce(
    (kept, [pattern, word]) => kept.replace(pattern, word),
    text.slice(0, COMPARED),
  );
  const tokens: Token[] = [];
  const between = (from: number, to: number) => {
    for (const word of stable.slice(from, to).matchAll(/\S/gu))
      tokens.push({ text: word[0], at: from + word.index, of: stable });
  };
  let end = 0;
  for (const { 0: number, index } of stable.matchAll(NUMBER)) {
    between(end, index);
    tokens.push({ text: number, value: Number(number), at: index, of: stable });
    end = index + number.length;
  }
  between(end, stable.length);
  return tokens;
}

function isSame(a: Token | undefined, b: Token | undefined, { relative, absolute }: Tolerance): boolean {
  if (a?.text === b?.text) return true;
  if (a?.value === undefined || b?.value === undefined) return false;
  const [one, other] = [a.value, b.value];
  // Infinity minus infinity is no number.
  if (one === other) return true;
  return Math.abs(one - other) <= Math.max(absolute, relative * Math.max(Math.abs(one), Math.abs(other)));
}

/** The line around a token, shortened to what follows the line's beginning or the token. */
function shown(tokens: readonly Token[], index: number): string {
  const token = tokens[index];
  if (token === undefined) return "nothing more";
  const start = Math.max(token.of.lastIndexOf("\n", token.at) + 1, token.at - SHOWN / 2);
  const end = token.of.indexOf("\n", token.at);
  const line = token.of.slice(start, end < 0 ? undefined : end).trim();
  return JSON.stringify(line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line);
}
