import { describe, expect, it } from "vitest";
import { markdownCell } from "../testing/articles.ts";
import { codesOf } from "../testing/notebook-problems.ts";

describe("active content in Markdown", () => {
  it.each([
    ["a script", "<script>alert(1)</script>"],
    ["a script in upper case", "<SCRIPT SRC=//x.example></SCRIPT>"],
    ["a script with a slash for a space", "<script/src=//x.example></script>"],
    ["a script without an end", "text <script>alert(1)"],
    ["a module", '<script type="module">1</script>'],
    ["an iframe", '<iframe src="https://example.org"></iframe>'],
    ["srcdoc", '<iframe srcdoc="&lt;b&gt;"></iframe>'],
    [
      "a frame that is a document of its own",
      "<iframe src='data:text/html,<script>alert(1)</script>'></iframe>",
    ],
    ["an object", '<object data="a.swf"></object>'],
    ["an embed", "<embed src=a.swf>"],
    [
      "a frame of a site that only looks like an allowed one",
      '<iframe src="https://notyoutube.com/embed/a"></iframe>',
    ],
    [
      "a frame of an allowed site by another scheme",
      '<iframe src="javascript://youtube.com/%0Aalert(1)"></iframe>',
    ],
    [
      "a frame of an allowed site with a document of its own",
      '<iframe src="https://youtube.com/a" srcdoc="x"></iframe>',
    ],
    [
      "a frame of an allowed site with a handler",
      '<iframe src="https://youtube.com/a" onload="x()"></iframe>',
    ],
    ["a base address", '<base href="https://example.org/">'],
    ["a style sheet of another site", '<link rel="stylesheet" href="https://example.org/a.css">'],
    ["a style sheet without a scheme", "<link href=//example.org/a.css rel='preload stylesheet'>"],
    [
      "a style that imports another",
      '<style>p { color: red }\n@import url("https://example.org/a.css");</style>',
    ],
    ["a form for another site", '<form action="https://example.org/login"><input name="password"></form>'],
    ["a button that sends a form elsewhere", '<form><button formaction="//example.org/a">x</button></form>'],
    ["a handler", '<img src="logo.png" onerror="alert(1)">'],
    ["a handler without quotes", "<img src=logo.png onerror=alert(1)>"],
    ["a handler after a slash", "<img/src='logo.png'/onerror=alert(1)>"],
    ["a handler after a line end", "<img src=logo.png\nonerror\n=\nalert(1)>"],
    ["a handler without space after a quoted value", '<img src="logo.png"onerror=alert(1)>'],
    ["a handler in SVG", "<svg><g/onload=alert(1)//></svg>"],
    ["a handler in MathML", "<math><mi onclick=alert(1)>x</mi></math>"],
    ["a handler on a block that the paragraph interrupts", "<div\nonclick=alert(1)>\n\ntext"],
    ["a handler on the body", "<body onload=alert(1)>"],
    ["a handler on a cell outside a table", "<td onclick=alert(1)>"],
    ["a handler in a heading", "# Title <b onclick=alert(1)>x</b>"],
    ["a handler in a table", "| a |\n| - |\n| <b onclick=alert(1)>x</b> |"],
    ["a handler in a list in a quotation", "> - <b onclick=alert(1)>x</b>"],
    ["a handler that noscript hides", '<noscript><p title="</noscript><img src=logo.png onerror=alert(1)>">'],
    ["a link", "[x](javascript:alert(1))"],
    ["a link in upper case", "[x](JaVaScRiPt:alert(1))"],
    ["a link with an entity", "[x](java&#115;cript:alert(1))"],
    ["a link with a named entity", "[x](javascript&colon;alert(1))"],
    ["a link with a backslash", "[x](javascript\\:alert(1))"],
    ["a link by reference", "[x][y]\n\n[y]: javascript:alert(1)"],
    ["a link in angle brackets", "<javascript:alert(1)>"],
    ["a link to VBScript", "[x](vbscript:msgbox(1))"],
    ["a link to a data document", "[x](data:text/html;base64,PHNjcmlwdD4=)"],
    ["a link to a data document after a space", "[x](<data: text/html;base64,PHNjcmlwdD4=>)"],
    ["an HTML link to a data document after a space", '<a href="data: text/html,<b>x</b>">x</a>'],
    ["a tag that the page around closes", "<div><img src=logo.png onerror=alert(1)"],
    ["a quoted handler that the page around closes", '<div><img src=logo.png onerror="alert(1)'],
    ["a handler in single quotes that the page around closes", "<div><img src=logo.png onerror='alert(1)"],
    ["a link to an SVG document", "[x](data:image/svg+xml,%3Csvg%3E)"],
    ["an HTML link with a tab inside", '<a href="java\tscript:alert(1)">x</a>'],
    ["an HTML link with a tab entity", '<a href="java&Tab;script:alert(1)">x</a>'],
    ["an HTML link with a line end entity", '<a href="java&#10;script:alert(1)">x</a>'],
    ["an HTML link with a control character before it", '<a href="&#1; javascript:alert(1)">x</a>'],
    ["an HTML link without quotes", "<a href=javascript:alert(1)>x</a>"],
    ["an HTML link with hexadecimal entities", '<a href="&#x6A;avascript:alert(1)">x</a>'],
    ["a link in SVG", '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>'],
    [
      "a link that SVG animates",
      '<svg><a><animate attributeName=href values="a;javascript:alert(1)" /></a></svg>',
    ],
    ["a form", '<form action="javascript:alert(1)"><button>x</button></form>'],
    ["a button", '<button formaction="javascript:alert(1)">x</button>'],
    ["a redirect", '<meta http-equiv="Refresh" content="0; url=https://example.org">'],
    ["an SVG that is used", '<svg><use href="data:image/svg+xml,x" /></svg>'],
  ])("is found in %s", async (_, source) => {
    const codes = await codesOf([markdownCell(source)]);
    expect(codes.length).toBeGreaterThan(0);
    expect(new Set(codes)).toEqual(new Set(["active-content"]));
  });

  it.each([
    ["a code span", "`<script>alert(1)</script>` and `<img src=x onerror=y>`"],
    ["fenced code", "```html\n<script>alert(1)</script>\n<img src=x.png onerror=y>\n```"],
    ["indented code", "    <script>alert(1)</script>"],
    ["escaped HTML", "\\<script>alert(1)\\</script> &lt;iframe&gt;"],
    ["a comment", "<!-- <script>alert(1)</script> <img src=x.png> -->"],
    ["words about it", "An iframe, a script, onclick = and javascript: in a sentence; data: too."],
    ["a tag without its end", '<div align="center"'],
    ["a word that begins like a handler", "once = 1, only = 2"],
    ["an attribute that is a word", "<b one=1 once only=2 online=3 onset=4>x</b>"],
    [
      "a word in angle brackets",
      "It returns an <object>, or an <iframe>; <embed> too, and <object of a class>.",
    ],
    [
      "a video",
      '<iframe width="560" src="https://www.youtube.com/embed/abc?rel=0" allowfullscreen></iframe>',
    ],
    ["a video without a scheme", "<iframe src=//player.vimeo.com/video/1></iframe>"],
    [
      "a style sheet of the article",
      '<link rel="stylesheet" href="style.css"><style>@import "a.css";</style>',
    ],
    ["a form that stays", '<form action="#answer"><input><button>x</button></form>'],
    [
      "a form of Airtable",
      '<iframe src="https://airtable.com/embed/a" frameborder="0" onmousewheel="" width="100%"></iframe>',
    ],
    ["formulas", "$\\langle a<b>c \\rangle$ [link](https://example.org/a_b) $\\onlyif = x$"],
    [
      "ordinary HTML",
      '<div align="center" style="color: red"><b>x</b><br/><a href="https://example.org?a=b&c=d" target="_blank">y</a></div>',
    ],
    ["details", "<details><summary>Answer</summary>\n\n42\n\n</details>"],
    ["data that no browser runs", '<script type="math/tex">x^2</script>'],
    ["a picture as data", '![x](data:image/png;base64,AAAA) <img src="data:image/svg+xml,%3Csvg/%3E">'],
    ["links", "[a](other.ipynb) [b](#part) [c](mailto:a@example.org) <https://example.org> [d](/x)"],
  ])("is not found in %s", async (_, source) => {
    expect(await codesOf([markdownCell(source)])).toEqual([]);
  });
});
