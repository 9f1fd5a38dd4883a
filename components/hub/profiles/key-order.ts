/*
 * Helm keeps no order of a file: users see the options and the choices of a profile in the order of their keys.
 */

/** JSON's order in Go: by bytes of UTF-8, which is that of the code points. */
export function byCodePoints(a: string, b: string): number {
  return compared([...a], [...b], (one, other) => codePoint(one) - codePoint(other));
}

/**
 * YAML's order in Go: where two keys first differ, the number that begins there decides, so that `8g` is before `16g`;
 * a letter is after everything else.
 */
export function byNumbers(a: string, b: string): number {
  const [left, right] = [[...a], [...b]];
  return compared(left, right, (one, other, index) => {
    const [isLeft, isRight] = [isLetter(one), isLetter(other)];
    if (isLeft || isRight) return isLeft && isRight ? codePoint(one) - codePoint(other) : isLeft ? 1 : -1;
    const [first, second] = [digitsFrom(left, index), digitsFrom(right, index)];
    // A zero within a number is a digit of it; at its beginning it says nothing.
    const inNumber = (one === "0" || other === "0") && /[1-9]\d*$/.test(left.slice(0, index).join(""));
    const [x, y] = [first, second].map((digits) => BigInt(`${inNumber ? 1 : 0}${digits}`));
    if (x !== undefined && y !== undefined && x !== y) return x < y ? -1 : 1;
    return first.length - second.length || codePoint(one) - codePoint(other);
  });
}

/** Compares two texts where they first differ; the shorter is first where one begins the other. */
function compared(
  left: readonly string[],
  right: readonly string[],
  where: (one: string, other: string, index: number) => number,
): number {
  for (let index = 0; index < Math.min(left.length, right.length); index += 1) {
    const [one = "", other = ""] = [left[index], right[index]];
    if (one !== other) return where(one, other, index);
  }
  return left.length - right.length;
}

const isLetter = (character: string) => /^\p{L}$/u.test(character);
const codePoint = (character: string) => character.codePointAt(0) ?? 0;

function digitsFrom(characters: readonly string[], start: number): string {
  let end = start;
  while (/^\d$/.test(characters[end] ?? "")) end += 1;
  return characters.slice(start, end).join("");
}
