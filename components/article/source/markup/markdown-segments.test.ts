import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { segmentsOf } from "./markdown-segments.ts";

/** A blank line, and a line after it that begins at the margin. */
const BOUNDARY = /\n *\n(?=[^ \n])/g;

const text = fc
  .array(fc.constantFrom("\n", "\n", "\n\n", " ", "a", "<b>", "x\n\ny", "\n \n"), { maxLength: 12 })
  .map((pieces) => pieces.join(""));

describe("a text of Markdown", () => {
  it("is cut at each blank line before a line at the margin", () => {
    fc.assert(
      fc.property(text, (one) => {
        const gaps = [...one.matchAll(BOUNDARY)];
        const starts = [0, ...gaps.map(({ index, 0: gap }) => index + gap.length)];
        const ends = [...gaps.map(({ index }) => index + 1), one.length];
        const parts = starts.map((offset, index) => ({ offset, text: one.slice(offset, ends[index]) }));
        expect(segmentsOf(one, () => true)).toEqual(parts);
        expect(segmentsOf(one)).toEqual(parts.filter((part) => part.text.includes("<")));
      }),
      { numRuns: 5000 },
    );
  });
});
