import { RegexFault, type RegexSource } from "./regex-source.ts";

/** What an escape outside of brackets is: a character, a position, or the number of a group. */
export type Escape = "character" | "position" | number;

const OCTAL = /^[0-7]$/;
const DIGIT = /^[0-9]$/;
const HEX = /^[0-9a-fA-F]$/;
const CATEGORIES = /^[dDsSwW]$/;

/** What follows a backslash outside of brackets. @throws {RegexFault} */
export function escapeOutside(source: RegexSource): Escape {
  const character = source.get();
  if (character === undefined) throw new RegexFault("bad escape (end of pattern)");
  if (/^[AbBZ]$/.test(character)) return "position";
  if (CATEGORIES.test(character)) return "character";
  if (character === "0") {
    source.while(OCTAL, 2);
    return "character";
  }
  if (DIGIT.test(character)) return reference(character, source);
  codePoint(character, source);
  return "character";
}

/** Three octal digits are a character, other digits a group. */
function reference(first: string, source: RegexSource): Escape {
  const second = source.while(DIGIT, 1);
  if (OCTAL.test(first) && OCTAL.test(second) && OCTAL.test(source.next ?? "")) {
    octal(`${first}${second}${source.must()}`);
    return "character";
  }
  return Number(first + second);
}

function octal(digits: string): number {
  const value = Number.parseInt(digits, 8);
  if (value > 0o377) throw new RegexFault(`octal escape value \\${digits} outside of range 0-0o377`);
  return value;
}

const SIMPLE: ReadonlyMap<string, number> = new Map([
  ["a", 7],
  ["f", 12],
  ["n", 10],
  ["r", 13],
  ["t", 9],
  ["v", 11],
]);
const HEX_DIGITS: ReadonlyMap<string, number> = new Map([
  ["x", 2],
  ["u", 4],
  ["U", 8],
]);

/** The code point of an escaped character. */
function codePoint(character: string, source: RegexSource): number {
  const simple = SIMPLE.get(character);
  if (simple !== undefined) return simple;
  const length = HEX_DIGITS.get(character);
  if (length !== undefined) {
    const digits = source.while(HEX, length);
    if (digits.length < length) throw new RegexFault(`incomplete escape \\${character}${digits}`);
    const value = Number.parseInt(digits, 16);
    if (value > 0x10ffff) throw new RegexFault(`bad escape \\${character}${digits}`);
    return value;
  }
  if (character === "N") {
    if (!source.take("{")) throw new RegexFault("missing {");
    source.until("}", "character name");
    return Number.NaN;
  }
  if (/^[A-Za-z]$/.test(character)) throw new RegexFault(`bad escape \\${character}`);
  return character.codePointAt(0) ?? 0;
}

/** What follows an opening bracket, to the closing one. @throws {RegexFault} */
export function bracketClass(source: RegexSource): void {
  source.take("^");
  for (let isFirst = true; isFirst || !source.take("]"); isFirst = false) {
    const low = member(source);
    if (!source.take("-")) continue;
    if (source.take("]")) return;
    const high = member(source);
    if (low === undefined || high === undefined || high < low) throw new RegexFault("bad character range");
  }
}

/** A member's code point; undefined where it is a category. */
function member(source: RegexSource): number | undefined {
  const character = source.get();
  if (character === undefined) throw new RegexFault("unterminated character set");
  if (character !== "\\") return character.codePointAt(0);
  const escaped = source.get();
  if (escaped === undefined) throw new RegexFault("bad escape (end of pattern)");
  if (CATEGORIES.test(escaped)) return undefined;
  if (escaped === "b") return 8;
  if (OCTAL.test(escaped)) return octal(escaped + source.while(OCTAL, 2));
  if (DIGIT.test(escaped)) throw new RegexFault(`bad escape \\${escaped}`);
  return codePoint(escaped, source);
}
