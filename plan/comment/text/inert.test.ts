import fc from "fast-check";
import MarkdownIt from "markdown-it";
import { describe, expect, it } from "vitest";
import { code, inert, link } from "./inert.ts";
import { HOSTILE } from "./testing/hostile.ts";

/** Markdown with HTML and bare links, as GitHub reads it. */
const github = new MarkdownIt({ html: true, linkify: true });
const rendered = (text: string) => github.render(`- x ${text} y`);
/** The text that a reader sees, without what has no width. */
const textOf = (html: string) =>
  html
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&")
    .replaceAll("\u2060", "")
    .trim();

describe("text of other people", () => {
  it.each(HOSTILE)("is shown and does nothing: %j", (text) => {
    const html = rendered(inert(text));
    expect(html.replaceAll(/<\/?(?:ul|li)>/g, "")).not.toMatch(/<[a-z/!]/i);
    const markdown = inert(text).replaceAll("&#36;", "$");
    expect(markdown).not.toMatch(/[\n\r]|@\w|#\d|GH-\d|:\/\/|www\.|^::|##\[/i);
    expect(`| ${markdown} | x |`.replaceAll(/\\./g, "").split("|")).toHaveLength(4);
  });

  it("is the same text to its reader, whatever it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme-ascii" }), (text) => {
        const seen = text.replaceAll(/\s+/g, " ").trim();
        expect(
          textOf(rendered(inert(text)))
            .replace(/^x ?/, "")
            .replace(/ ?y$/, ""),
        ).toBe(seen);
      }),
      { numRuns: 500 },
    );
  });

  it("makes no element of any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."<>&[]()`*_~!|\\\n@#:/$aw. -=h\"'") }), (text) => {
        expect(rendered(inert(text)).replaceAll(/<\/?(?:ul|li)>/g, "")).not.toMatch(/<[a-z/!]/i);
      }),
      { numRuns: 2000 },
    );
  });
});

it("code keeps its letters, and nothing in it ends it", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."<>&`*\\|\n@#$a ") }), (text) => {
      const seen = text.replaceAll(/\s+/g, " ").trim();
      const html = rendered(code(text));
      expect(html.replaceAll(/<\/?(?:ul|li|code)>/g, "")).not.toMatch(/<[a-z/!]/i);
      expect(textOf(html).replace(/^x ?/, "").replace(/ ?y$/, "").trim()).toBe(seen);
    }),
    { numRuns: 1000 },
  );
});

it("links to the web alone", () => {
  expect(link("run", "https://github.com/o/r/runs/1?a=(b)")).toBe(
    "[run](https://github.com/o/r/runs/1?a=%28b%29)",
  );
  for (const address of ["javascript:alert(1)", "no address", undefined])
    expect(link("run", address)).toBe("run");
});
