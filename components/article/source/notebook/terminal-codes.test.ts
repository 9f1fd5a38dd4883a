import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { uncoloured } from "./terminal-codes.ts";

describe("a text in colours", () => {
  it("is read with a gap for each code, and with nothing", () => {
    const texts = uncoloured("a\u001b[1;31mb\u001b[0mc").map(({ text }) => text);
    expect(texts).toEqual(["a       b    c", "abc"]);
    expect(uncoloured("a[31mb")).toEqual([]);
  });

  it("has each character where it was", () => {
    const pieces = fc.array(fc.oneof(fc.constantFrom("\u001b[31m", "\u001b[0m", "\u001b[K"), fc.string()));
    fc.assert(
      fc.property(pieces, (list) => {
        const coloured = list.join("");
        for (const { text, origin } of uncoloured(coloured)) {
          for (const [index, character] of [
            ...Array.from({ length: text.length }, (_, at) => text.charAt(at)).entries(),
          ]) {
            if (character !== " ") expect(coloured.charAt(origin(index))).toBe(character);
          }
        }
      }),
    );
  });
});
