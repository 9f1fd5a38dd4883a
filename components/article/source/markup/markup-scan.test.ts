import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { imageLine } from "./markdown-segments.ts";
import type { MarkupFindings } from "./markup-findings.ts";
import * as parsers from "./markup-parsers.ts";
import { scanHtmlText, scanMarkdown } from "./markup-scan.ts";
import { isTellingHtml, isTellingMarkdown, mayShowImages } from "./markup-triage.ts";

/** What is found, once each, wherever it is: two ways to render may find the same, at places more or less exact. */
const found = ({ active, images }: MarkupFindings) => ({
  active: [...new Set(active.map(({ what, content }) => `${what}: ${content}`))].sort(),
  images: images.map(({ address }) => address).sort(),
});

const { scanWhole } = parsers;

const LINES = [
  "",
  "",
  "",
  "words",
  " one space",
  "    four spaces ![x](in-code.png)",
  "- item",
  "1. item",
  "> quotation",
  "# Heading",
  "Setext\n===",
  "| a |\n| - |\n| ![x](cell.png) |",
  "![x](a.png)",
  "![x][ref]",
  "[ref]: b.png",
  "a `code ![x](c.png)` b",
  "a ` b",
  "$n![k](m)$ ![x](d.png)",
  "\\![x](e.png)",
  '<img src="f.png">',
  '<img src=g.png alt="x',
  '<div align="center">',
  '<img src="o.png" alt="a" width=1>',
  "<img src=p.png> and ![x](q.png)",
  "</center> ![x](r.png)",
  "<a href='javascript:s()'>",
  "<img src='t.png'\n  alt=x>",
  "<p> ![x](u.png)",
  "<div",
  'onclick="x()">',
  '" onclick=y() ">',
  "<b onclick=z()>x</b>",
  "</div>",
  "<p style='background: url(h.png)'>",
  "<pre>",
  "<script>a()</script>",
  "<!-- <img src=i.png>",
  "-->",
  "```",
  "~~~",
  ":::{figure} j.png",
  "[x](javascript:k())",
  "[x](java&#115;cript:l())",
  "<javascript:m()>",
  "<base href=//n>",
  "<style>@import '//o';</style>",
  "a <https://example.org> b",
  '<a href="?p=1&q=2">x</a>',
  "<textarea>",
  "tab\there",
];

const markdown = fc
  .array(fc.oneof({ weight: 20, arbitrary: fc.constantFrom(...LINES) }, fc.string({ maxLength: 6 })), {
    maxLength: 12,
  })
  .map((lines) => lines.join("\n"));

describe("the parts of a Markdown text that are read", () => {
  it("give what the whole text gives", () => {
    let some = 0;
    fc.assert(
      fc.property(markdown, (text) => {
        const whole = found(scanWhole(text));
        if (whole.active.length + whole.images.length > 0) some += 1;
        expect(found(scanMarkdown(text, parsers))).toEqual(whole);
        const plain = scanMarkdown(text, undefined);
        if (plain) expect(plain).toEqual(scanMarkdown(text, parsers));
      }),
      { numRuns: 10_000 },
    );
    expect(some).toBeGreaterThan(1000);
  });

  it("are not parsed where one image is all they hold, as it is found without", () => {
    const pieces = [
      ...'![]()"\\<>&$*_`~:{}. /\t\r',
      "![",
      "](",
      "a.png",
      '"t"',
      "javascript:",
      "x y",
      "&#40;",
    ];
    const some = fc.array(fc.constantFrom(...pieces), { maxLength: 5 }).map((list) => list.join(""));
    const line = fc
      .tuple(
        some,
        fc.oneof(some, fc.constantFrom("a.png", "a-b/c_d.png")),
        fc.constantFrom("", ' "t"', " "),
        fc.oneof(fc.constantFrom("", " "), some),
      )
      .map(([alt, address, title, end]) => `![${alt}](${address}${title})${end}`);
    let plain = 0;
    fc.assert(
      fc.property(
        fc.oneof(
          line,
          line.map((text) => `${text}\n`),
          some,
        ),
        (part) => {
          const address = imageLine(part);
          if (address === undefined) return;
          plain += 1;
          const images = [{ address, offset: part.indexOf(address) }];
          expect(scanWhole(part)).toEqual({ active: [], images, isOpen: false });
        },
      ),
      { numRuns: 20_000 },
    );
    expect(plain).toBeGreaterThan(500);
  });

  it.each([
    ['<div>\n<img src="a.png">\n</div>', ["a.png"]],
    ['<details>\n\nwords\n\n</details>\n\n\n<img src="a.png">\n', ["a.png"]],
    ["</p>\n \n\n\nwords", []],
    ['<p>\n\n  ![x](b.png)\n\n<img src="a.png">', undefined],
  ])("are not parsed where they are HTML, whatever blank lines follow: %j", (text, images) => {
    expect(scanMarkdown(text, undefined)?.images.map(({ address }) => address)).toEqual(images);
  });

  it("place what they find in the text", () => {
    const text = 'a\n\n![x](a.png)\n\nb\n\n<img src="b.png">\n\n[x](javascript:c)';
    const { images, active } = scanMarkdown(text, parsers);
    expect(images.map(({ offset }) => text.slice(offset).split("\n")[0])).toEqual([
      "a.png)",
      '<img src="b.png">',
    ]);
    expect(active.map(({ offset }) => text.slice(offset))).toEqual(["javascript:c)"]);
  });
});

describe("a text that the triage rules out", () => {
  it("has neither active content nor images", () => {
    fc.assert(
      fc.property(markdown, (text) => {
        const nothing = { active: [], images: [] };
        if (!isTellingMarkdown(text)) expect(found(scanWhole(text))).toEqual(nothing);
        if (!isTellingHtml(text)) expect(found(scanHtmlText(text, parsers))).toEqual(nothing);
        if (!mayShowImages(text)) expect(scanWhole(text).images).toEqual([]);
      }),
      { numRuns: 10_000 },
    );
  });
});
