import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readPlainTags } from "./plain-tags.ts";
import { readTags } from "./tree-tags.ts";

const PIECES = [
  ..."<>\"'=/& \n\t\fabB-:!?\0\r",
  "<img ",
  "<div",
  "</div>",
  "</p ",
  "<svg>",
  "<table><td>",
  "<select><option>",
  "<math><mi ",
  "<template>",
  "<frameset>",
  "<body ",
  "<image ",
  "src=",
  "SRC = ",
  'alt="a > b"',
  "on='x'",
  "onerror=y",
  "=x",
  "&amp;",
  "&lt",
  "<script>",
  "<style>",
  "<title>",
  "<!-- ",
  "-->",
  "<![CDATA[",
  "é𝔸İK",
];

const html = fc
  .array(fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...PIECES) }, fc.string({ maxLength: 4 })), {
    maxLength: 14,
  })
  .map((pieces) => pieces.join(""));

describe("tags that are read without a tree", () => {
  it("are those that a whole parser reads, wherever they can be", () => {
    let plain = 0;
    fc.assert(
      fc.property(html, (text) => {
        const tags = readPlainTags(text);
        if (tags && tags.length > 0) plain += 1;
        if (tags) expect(tags).toEqual(readTags(text));
      }),
      { numRuns: 20_000 },
    );
    expect(plain).toBeGreaterThan(2000);
  });

  it.each([
    ["<img src=\"a.png\" alt='b' width=10 hidden>", true],
    ["<p>a < b and c<d</p>", true],
    ["<a href='?a=b&c=d'>x</a>", false],
    ["<b>x</b><!-- <i> -->", false],
    ["<textarea><b></textarea>", false],
  ])("can be read so in %s: %s", (text, isPlain) => {
    expect(readPlainTags(text) !== undefined).toBe(isPlain);
  });
});
