import { symlink, truncate } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Problem } from "../../../problem/problem.ts";
import { readArticle } from "../read.ts";
import {
  codeCell,
  type Files,
  htmlOutput,
  markdownCell,
  notebook,
  PIXEL,
  writeArticle,
} from "../testing/articles.ts";

type Cell = Record<string, unknown>;

async function problemsOf(content: string | object, files: Files = {}): Promise<readonly Problem[]> {
  return (await readArticle(await writeArticle({ "one.ipynb": content, ...files }), "course")).problems;
}

const codesOf = async (cells: Cell[], files: Files = {}) =>
  (await problemsOf(notebook(cells), files)).map(({ code }) => code);

describe("a notebook is refused for", () => {
  const cell = (more: Cell) => notebook([{ ...codeCell("1"), ...more }]);
  const output = (value: unknown) => notebook([codeCell("1", [value as Cell])]);
  it.each<[string, string | object, string | undefined]>([
    ["being empty", "", undefined],
    ["being no JSON", '{"cells": [}', undefined],
    ["NaN, which Python writes", '{"cells": NaN}', undefined],
    ["being no object", "[]", undefined],
    ["an unresolved merge", '{"cells": [\n<<<<<<< HEAD\n]}', undefined],
    ["the format's version 3", { nbformat: 3, worksheets: [] }, "nbformat"],
    ["no version", { cells: [], metadata: {} }, "nbformat"],
    ["no minor version", notebook([], { nbformat_minor: undefined }), "nbformat_minor"],
    ["no metadata", notebook([], { metadata: undefined }), "metadata"],
    [
      "a kernelspec without a name",
      notebook([], { metadata: { kernelspec: { display_name: "Python" } } }),
      "metadata.kernelspec.name",
    ],
    ["cells that are no list", notebook([], { cells: {} }), "cells"],
    ["a cell that is null", notebook([], { cells: [null] }), "cells[0]"],
    ["an unknown type of cell", cell({ cell_type: "heading" }), "cells[0].cell_type"],
    ["a cell without metadata", cell({ metadata: undefined }), "cells[0].metadata"],
    ["a cell without source", cell({ source: undefined }), "cells[0].source"],
    ["a source that is a number", cell({ source: 7 }), "cells[0].source"],
    ["an id that is none", cell({ id: "a b" }), "cells[0].id"],
    ["code without outputs", cell({ outputs: undefined }), "cells[0].outputs"],
    ["code without a count", cell({ execution_count: undefined }), "cells[0].execution_count"],
    ["Markdown with outputs", notebook([markdownCell("a", { outputs: [] })]), "cells[0].outputs"],
    [
      "Markdown with a count",
      notebook([markdownCell("a", { execution_count: null })]),
      "cells[0].execution_count",
    ],
    [
      "a raw cell with outputs",
      notebook([{ cell_type: "raw", metadata: {}, source: "a", outputs: [] }]),
      "cells[0].outputs",
    ],
    ["an unknown type of output", output({ output_type: "pyout" }), "cells[0].outputs[0].output_type"],
    ["a stream without text", output({ output_type: "stream", name: "stdout" }), "cells[0].outputs[0].text"],
    [
      "an error without traceback",
      output({ output_type: "error", ename: "E", evalue: "" }),
      "cells[0].outputs[0].traceback",
    ],
    [
      "a result without data",
      output({ output_type: "execute_result", execution_count: 1, metadata: {} }),
      "cells[0].outputs[0].data",
    ],
    [
      "an output without metadata",
      output({ output_type: "display_data", data: {} }),
      "cells[0].outputs[0].metadata",
    ],
    ["HTML that is an object", output(htmlOutput({} as string)), 'cells[0].outputs[0].data["text/html"]'],
    [
      "attachments that are a list",
      notebook([markdownCell("a", { attachments: [] })]),
      "cells[0].attachments",
    ],
  ])("%s", async (_, content, path) => {
    const problems = await problemsOf(content);
    expect(problems).toMatchObject([{ code: "invalid-notebook", severity: "error", file: "one.ipynb" }]);
    expect(problems[0]?.path).toBe(path);
    if (content !== "") expect(problems[0]?.line).toBeGreaterThan(0);
  });

  it("two cells with one id, and bytes that are no UTF-8", async () => {
    const twice = [markdownCell("a", { id: "x" }), markdownCell("b", { id: "x" })];
    expect(await problemsOf(notebook(twice))).toMatchObject([{ path: "cells[1].id" }]);
    const { problems } = await readArticle(
      await writeArticle({ "one.ipynb": Buffer.from([0x7b, 0xff]) }),
      "course",
    );
    expect(problems).toMatchObject([{ code: "invalid-notebook", message: "The file is not UTF-8 text" }]);
  });

  it.each([
    [
      "an unresolved merge",
      '{"cells": [\n<<<<<<< HEAD\n]}',
      /unresolved merge conflict$/,
      /^Resolve it in an editor/,
    ],
    ["no JSON", '{"cells": [}', /^This is not JSON/, /^Fix .* or restore/],
    ["nothing", "", /empty$/, /^Restore/],
    [
      "a mark",
      `\ufeff${JSON.stringify(notebook([]))}`,
      /begins with a byte order mark/,
      /without a byte order/,
    ],
  ])("%s, with a remedy that works on what Jupyter can't open", async (_, content, message, remedy) => {
    expect(await problemsOf(content)).toMatchObject([
      { message: expect.stringMatching(message), remedy: expect.stringMatching(remedy) },
    ]);
  });

  it("ids before 4.5 only with a warning, as they are common and harmless", async () => {
    const early = notebook([markdownCell("a"), markdownCell("b")], { nbformat_minor: 4 });
    expect(await problemsOf(early)).toMatchObject([{ severity: "warning", path: "cells[0].id" }]);
  });

  it("cells without ids in 4.5 only with one warning, as Jupyter adds them", async () => {
    const without = notebook([
      codeCell("1"),
      markdownCell("a", { id: undefined }),
      markdownCell("b", { id: undefined }),
    ]);
    expect(await problemsOf(without)).toMatchObject([
      {
        severity: "warning",
        path: "cells[1]",
        message: "Cell 2 and 1 more have no ID, which nbformat 4.5 requires",
      },
    ]);
  });

  it.each(["NaN", "Infinity", "-Infinity"])("%s, which is named with where it comes from", async (number) => {
    const text = JSON.stringify(notebook([codeCell("1")])).replace(
      '"execution_count":1',
      `"execution_count":${number}`,
    );
    const [problem, ...others] = await problemsOf(text);
    expect(problem?.message).toBe(
      `${number} is not JSON, though Python writes it for a number that is missing or too large`,
    );
    expect(problem).toMatchObject({ line: 1, column: text.indexOf(`:${number}`) + 2 });
    expect(others).toEqual([]);
  });

  it("a Git LFS pointer, as such", async () => {
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${"0".repeat(64)}\nsize 12\n`;
    expect(await problemsOf(pointer)).toMatchObject([
      { message: "The file is a Git LFS pointer, not the notebook" },
    ]);
  });

  it("a nesting that no reader survives, without failing itself", async () => {
    const deep = `{"metadata":${"[".repeat(200_000)}${"]".repeat(200_000)},"nbformat":4}`;
    expect((await problemsOf(deep)).map(({ code }) => code)).toContain("invalid-notebook");
  });
});

describe("a notebook may", () => {
  it.each<[string, object]>([
    [
      "be of an older minor version, without ids",
      {
        ...notebook([]),
        nbformat_minor: 2,
        cells: [{ cell_type: "markdown", metadata: {}, source: ["a\n", "b"] }],
      },
    ],
    ["be of a newer minor version", notebook([], { nbformat_minor: 9 })],
    [
      "hold JSON in an output",
      notebook([
        codeCell("1", [
          {
            output_type: "display_data",
            metadata: {},
            data: { "application/vnd.plotly.v1+json": { data: [] } },
          },
        ]),
      ]),
    ],
    [
      "hold streams, errors and results",
      notebook([
        codeCell("1", [
          { output_type: "stream", name: "stdout", text: ["a\n"] },
          { output_type: "error", ename: "E", evalue: "e", traceback: ["a", "b"] },
          {
            output_type: "execute_result",
            execution_count: null,
            metadata: {},
            data: { "text/plain": ["1"] },
          },
        ]),
      ]),
    ],
  ])("%s", async (_, content) => {
    expect(await problemsOf(content)).toEqual([]);
  });
});

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

describe("active content elsewhere", () => {
  const table =
    '<div>\n<style scoped>\n .dataframe tbody tr th { vertical-align: top; }\n</style>\n<table border="1" class="dataframe"><tr style="text-align: right;"><td>on = 1</td></tr></table></div>';
  it.each<[string, Cell, string[]]>([
    ["a script in an output", codeCell("1", [htmlOutput("<script>1</script>")]), ["active-content"]],
    [
      "a video's frame in an output",
      codeCell("1", [htmlOutput('<iframe src="https://example.org/v"></iframe>')]),
      ["active-content"],
    ],
    [
      "another site's object beside a library's map",
      codeCell("1", [
        htmlOutput('<object src="data:text/html,L_NO_TOUCH" data="https://example.org/a"></object>'),
      ]),
      ["active-content", "active-content"],
    ],
    [
      "an output that is a script",
      codeCell("1", [htmlOutput("alert(1)", "application/javascript")]),
      ["active-content"],
    ],
    [
      "a script in an SVG output",
      codeCell("1", [
        htmlOutput('<svg xmlns:s="http://www.w3.org/2000/svg"><s:script>1</s:script></svg>', "image/svg+xml"),
      ]),
      ["active-content"],
    ],
    [
      "a Markdown output",
      codeCell("1", [htmlOutput("[x](javascript:a)", "text/markdown")]),
      ["active-content"],
    ],
    [
      "a raw cell of HTML",
      { cell_type: "raw", metadata: { raw_mimetype: "text/html" }, source: "<script>1</script>" },
      ["active-content"],
    ],
    ["a raw cell of anything else", { cell_type: "raw", metadata: {}, source: "<script>1</script>" }, []],
    ["code that only speaks of it", codeCell("HTML('<script>alert(1)</script>')"), []],
    ["a printed script", codeCell("1", [{ output_type: "stream", name: "stdout", text: "<script>" }]), []],
    ["a table of pandas", codeCell("1", [htmlOutput(table)]), []],
    [
      "a chart as SVG",
      codeCell("1", [
        htmlOutput(
          '<svg viewBox="0 0 9 9"><defs><style>*{a:b}</style></defs><use xlink:href="#a"/></svg>',
          "image/svg+xml",
        ),
      ]),
      [],
    ],
    [
      "the state of widgets",
      codeCell("1", [htmlOutput('<script type="application/vnd.jupyter.widget-view+json">{}</script>')]),
      [],
    ],
  ])("%s", async (_, cell, expected) => {
    expect(await codesOf([cell])).toEqual(expected);
  });

  const anim = "anim5ca2016451b14f3d80e7bc061349915a";
  it.each<[string, string, string?]>([
    [
      "IPython's YouTubeVideo",
      '<iframe width="400" height="300" src="https://www.youtube.com/embed/abc" frameborder="0" allowfullscreen></iframe>',
    ],
    [
      "Plotly",
      '<div id="a" class="plotly-graph-div"></div><script src="https://cdn.plot.ly/plotly-2.27.0.min.js"></script><script type="text/javascript">window.PLOTLYENV=window.PLOTLYENV || {}; Plotly.newPlot("a", [])</script>',
    ],
    [
      "Plotly of earlier versions",
      '<script>requirejs.config({paths: {"plotly": ["https://cdn.plot.ly/plotly-latest.min"]}}); require(["plotly"], function(plotly) {window._Plotly=plotly;});</script><script>if (window.MathJax) {MathJax.Hub.Config({SVG: {font: "STIX-Web"}});}</script><script>window.addEventListener("resize", function(){window._Plotly.Plots.resize(a);});</script>',
    ],
    [
      "SHAP",
      `<script>if (window.IML) IML.ReactDom.render(IML.React.createElement(a), b);</script><script>colors_${"b".repeat(20)} = {};</script><div onclick="if (this.previousSibling.style.display == 'none') {this.previousSibling.style.display = 'block';} else {this.previousSibling.style.display = 'none';}" onmouseover="document.getElementById('_fb_${"a".repeat(20)}_ind_0').style.opacity = 1;">x</div><select onchange="selectVizType_${"b".repeat(20)}(this)"></select>`,
    ],
    [
      "pyLDAvis",
      '<link rel="stylesheet" href="https://cdn.rawgit.com/bmabey/pyLDAvis/files/ldavis.v1.0.0.css"><script>function LDAvis_load_lib(url, callback) {}</script>',
    ],
    [
      "a state of IQ#",
      `<p id="round-${"0".repeat(36)}"><script>document.getElementById("round-${"0".repeat(36)}").innerHTML = num_string;</script></p>`,
    ],
    [
      "Bokeh",
      '<div id="p1"></div><script type="text/javascript">(function(root) { root.Bokeh.embed.embed_items_notebook({}, []) })(window)</script>',
    ],
    ["Bokeh's loader", "(function(root) { root._bokeh_is_loading = 1; })(window)", "application/javascript"],
    [
      "a Colab DataFrame",
      `<button class="colab-df-convert" onclick="convertToInteractive('df-1')">x</button><script>document.querySelector('#df-1 button.colab-df-convert').style.display = google.colab.kernel.accessAllowed ? 'block' : 'none'</script>`,
    ],
    ["a download from Colab", `download("download_${"0".repeat(36)}", "a.zip", 3)`, "application/javascript"],
    [
      "a Matplotlib animation",
      `<link rel="stylesheet" href="https://maxcdn.bootstrapcdn.com/font-awesome/4.4.0/css/font-awesome.min.css"><script language="javascript">function Animation(frames, img_id) {}</script><input oninput="${anim}.set_frame(parseInt(this.value));"><button onclick="${anim}.slower()">x</button>`,
    ],
    [
      "Altair",
      '<script src="https://cdn.jsdelivr.net/npm/vega@5"></script><script type="text/javascript">var VEGA_DEBUG = {}; vegaEmbed(a, b)</script>',
    ],
    [
      "a Folium map",
      '<iframe srcdoc="&lt;script&gt;L_NO_TOUCH = false;&lt;/script&gt; L.map(1)" allowfullscreen></iframe>',
    ],
    [
      "an older Folium's map",
      `<iframe src="data:text/html;charset=utf-8;base64,${Buffer.from("<script>L_NO_TOUCH = false;</script>").toString("base64")}"></iframe>`,
    ],
    [
      "a map that is percent-encoded",
      `<iframe src="data:text/html;charset=utf-8,${encodeURIComponent("<script>var map_1 = L.map('map_1');</script>")}"></iframe>`,
    ],
    [
      "an animation of JSAnimation",
      `<script>function Animation(frames, img_id) {}</script><button onclick="anim${"ABCDEFGH"}IJKLMNOP.slower()">x</button>`,
    ],
    [
      "a diagram of .NET Interactive",
      '<script type="module">import mermaid from "https://cdn.jsdelivr.net/npm/mermaid@10/mermaid.mjs"; await mermaid.mermaidAPI.render("a", "flowchart LR");</script>',
    ],
    ["styles of .NET Interactive", "<script>var css = '.dni-plaintext { text-align: left; }'</script>"],
    [
      "TensorBoard",
      '<iframe id="tensorboard-frame-1" width="100%"></iframe><script>document.getElementById("tensorboard-frame-1")</script>',
    ],
    [
      "scikit-learn",
      `<i class="copy-paste-icon" onclick="copyToClipboard('alpha', this.parentElement.nextElementSibling)"></i>`,
    ],
    [
      "Weights & Biases",
      `<button onClick="this.nextSibling.style.display='block';this.style.display='none';">x</button><iframe src="https://wandb.ai/a" style="display:none"></iframe>`,
    ],
    ["a notebook's styles", "<style>p {}</style><script>MathJax.Hub.Config({TeX: {}});</script>"],
  ])("%s may be in an output, but of its code nothing in Markdown", async (_, html, type = "text/html") => {
    expect(await codesOf([codeCell("1", [htmlOutput(html, type)])])).toEqual([]);
    const isFrame = /^<iframe[^>]*youtube/.test(html);
    const written = type === "text/html" ? html : `<script>${html}</script>`;
    expect((await codesOf([markdownCell(written)])).length > 0).toBe(!isFrame);
  });

  it.each([
    ["<script>1</script>", "Remove it: readers' browsers would run it"],
    ['<base href="https://example.org/">', "Remove it: it would act in the reader's page"],
    [
      '<iframe src="https://example.org/v"></iframe>',
      "Link to the page instead, or add its site to lectern:embedHosts",
    ],
  ])("is reported with what to do: %s", async (source, remedy) => {
    expect(await problemsOf(notebook([markdownCell(source)]))).toMatchObject([{ remedy }]);
  });

  it("in an output can only be cleared where no site could be allowed", async () => {
    const content = notebook([codeCell("1", [htmlOutput("<iframe src=map.html></iframe>")])]);
    const remedy = "Clear this output, or have the code produce an image instead";
    expect(await problemsOf(content)).toMatchObject([{ remedy }]);
  });

  it("passes where the stack allows the site, and the default no longer counts", async () => {
    const frame = (host: string) => markdownCell(`<iframe src="https://${host}/a"></iframe>`);
    const hosts = ["video.example.org", "youtube.com"];
    const folder = await writeArticle({ "one.ipynb": notebook(hosts.map(frame)) });
    const read = async (embedHosts?: string[]) =>
      (await readArticle(folder, "course", { embedHosts })).problems.map(({ path }) => path);
    expect(await read()).toEqual(["cells[0].source"]);
    expect(await read(["example.org"])).toEqual(["cells[1].source"]);
  });

  it("warns where the stack allows it, and the article is deployed", async () => {
    const folder = await writeArticle({ "one.ipynb": notebook([markdownCell("<script>1</script>")]) });
    const { article, problems } = await readArticle(folder, "course", {
      rules: { activeContent: "warning" },
    });
    expect(problems).toMatchObject([{ severity: "warning", code: "active-content" }]);
    expect(article).toBeDefined();
  });
});

describe("images", () => {
  const files = { "images/bell pair.png": PIXEL, "images/a.png": PIXEL, "a%20b.png": PIXEL };
  it.each([
    ["inline", "![x](no.png)"],
    ["inline with a title", '![x](no.png "a title")'],
    ["inline in angle brackets", "![x](<no way.png>)"],
    ["by reference", "![x][y]\n\n[y]: no.png 'title'"],
    ["by collapsed reference", "![y][]\n\n[y]: no.png"],
    ["by shortcut reference", "![y]\n\n[y]: <no.png>"],
    ["in a link", "[![x](no.png)](https://example.org)"],
    ["between prices", "It costs $5 ![x](no.png) or $6."],
    ["beside a formula", "$n![k](m)$ ![x](no.png) $x$"],
    ["after a variable of a shell in code", "`$HOME` ![x](no.png) `$PATH`"],
    ["in a MyST figure", "```{figure} no.png\n:name: bell\n\nA caption\n```"],
    ["in a MyST image", "a\n\n~~~~{image} no.png\n~~~~"],
    ["in a MyST figure with colons", ":::{figure} no.png\n:name: bell\n:::"],
    ["in a MyST figure beside HTML", "<b>x</b>\n\n```{figure} no.png\n```"],
    ["in a table", "| a |\n| - |\n| ![x](no.png) |"],
    ["as HTML", '<img src="no.png">'],
    ["as HTML without quotes", "<IMG alt=x SRC=no.png>"],
    ["as HTML in single quotes over lines", "<img\n  src='no.png'\n  width=10>"],
    ["in srcset", '<img src="logo.png" srcset="logo.png 1x, no.png 2x">'],
    ["in a picture", '<picture><source srcset="no.png"><img src="logo.png"></picture>'],
    ["in SVG", '<svg><image href="no.png" /></svg>'],
    ["as an image element of HTML", '<image src="no.png">'],
    ["in a style", '<div style="background-image:url(no.png)">x</div>'],
    ["in a style with quotes", `<p style="color: red; background: URL( 'no.png' ) no-repeat">x</p>`],
    ["in a style with entities", "<p style='background: url(&quot;no.png&quot;)'>x</p>"],
    ["as a poster", '<video poster="no.png"></video>'],
    ["from the article's folder", "![x](/no.png)"],
    ["with a query", "![x](no.png?raw=true)"],
    ["without an address", "![x]()"],
    ["in another case", "![x](LOGO.png)"],
    ["as an attachment that isn't there", "![x](attachment:a.png)"],
    ["on one machine only", "![x](file:///home/a.png)"],
  ])("are missed %s", async (_, source) => {
    expect(await codesOf([markdownCell(source)], files)).toEqual(["missing-image"]);
  });

  it.each([
    ["a folder", "![x](images)", "image-not-a-file"],
    ["outside", "![x](../states.png)", "image-path-outside"],
    ["on a drive", "![x](C:/a.png)", "missing-image"],
  ])("are refused where they are %s", async (_, source, code) => {
    expect(await codesOf([markdownCell(source)], files)).toEqual([code]);
  });

  it("may be missing where the stack allows it, but not leave the folder nor be too large", async () => {
    const sources = ["![x](no.png)", "![x](../x.png)", "![x](link.png)", "![x](big.png)", "![x](images)"];
    const folder = await writeArticle({
      ...files,
      "one.ipynb": notebook(sources.map((source) => markdownCell(source))),
      "big.png": "",
    });
    await truncate(join(folder, "big.png"), 15 * 1024 * 1024 + 1);
    await symlink("/", join(folder, "link.png"));
    const { problems } = await readArticle(folder, "course", { rules: { missingImages: "warning" } });
    expect(problems.map(({ severity, code }) => `${severity} ${code}`)).toEqual([
      "warning missing-image",
      "error image-path-outside",
      "error image-path-outside",
      "error image-file-too-large",
      "error image-not-a-file",
    ]);
  });

  it.each([
    ["inline", "![x](logo.png) ![x](./images/a.png 'title') ![x](images/../logo.png)"],
    ["by reference", "![x][y] ![y]\n\n[y]: logo.png"],
    ["with %20", "![x](images/bell%20pair.png) ![x](<images/bell pair.png>)"],
    ["with a percent sign in its name", "![x](a%20b.png) ![x](a%2520b.png)"],
    ["with query and fragment", "![x](logo.png?raw=true#part)"],
    ["from the article's folder", "![x](/logo.png)"],
    [
      "elsewhere",
      "![x](https://example.org/no.png) <img src='//example.org/no.png'> ![x](http://example.org/a)",
    ],
    ["as data", "![x](data:image/png;base64,iVBORw0KGgo=)"],
    ["in srcset with data", '<img src="logo.png" srcset="data:image/png;base64,AA 1x, logo.png 2x">'],
    ["in a code span", "`![x](no.png)` `<img src=no.png>`"],
    ["in fenced code", "~~~\n![x](no.png)\n<img src=no.png>\n~~~"],
    ["that are no images", "!\\[x](no.png) [x](no.png) \\![x](no.png)"],
    ["in a style", '<p style="background: url(logo.png), url(data:image/png;base64,AA), url(#a)">x</p>'],
    ["that a style only mentions", "Write `style='background: url(no.png)'`, or url(no.png)"],
    ["loaded later", "<img data-src='no.png'>"],
    ["in a formula", "The number $n![k](m)$ of ways, and $$n![k](m)\\$$$ too; $5![k](m)$."],
    ["in a MyST figure", "```{figure} logo.png\n```\n\n:::{image} ./images/a.png\n:::"],
    ["in a MyST directive that shows none", "```{code-cell} no.png\n```\n\nWrite `{figure} no.png`."],
    ["of a sound or a video", '<video src="no.mp4"><source src="no.mp4"></video>'],
  ])("are no problem %s", async (_, source) => {
    expect(await codesOf([markdownCell(source)], files)).toEqual([]);
  });

  it("may not be empty, nor Git LFS pointers, unless the stack allows it", async () => {
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${"0".repeat(64)}\nsize 12345\n`;
    const cells = ["![x](images/a.png)", "![x](empty.png)", "![x](pointer.png)"].map((text) =>
      markdownCell(text),
    );
    const folder = await writeArticle({
      ...files,
      "one.ipynb": notebook(cells),
      "empty.png": "",
      "pointer.png": pointer,
      "logo.png": pointer,
    });
    const read = async (missingImages?: "warning") => {
      const { article, problems } = await readArticle(
        folder,
        "course",
        missingImages && { rules: { missingImages } },
      );
      return { article, said: problems.map(({ severity, code, path }) => `${severity} ${code} ${path}`) };
    };
    expect((await read()).said).toEqual([
      "error image-lfs-pointer imageLink.lightLogo",
      "error empty-image cells[1].source",
      "error image-lfs-pointer cells[2].source",
    ]);
    const lenient = await read("warning");
    expect(lenient.said.every((line) => line.startsWith("warning"))).toBe(true);
    expect(Object.keys(lenient.article?.parts ?? {})).toContain("image empty.png");
  });

  it("may be attached to their cell", async () => {
    const attachments = { "a b.png": { "image/png": PIXEL.toString("base64") } };
    expect(
      await codesOf([markdownCell("![x](attachment:a%20b.png) ![y](<attachment:a b.png>)", { attachments })]),
    ).toEqual([]);
  });

  it("are looked for beside their notebook", async () => {
    const files = {
      "chapters/two.ipynb": notebook([markdownCell("![a](a.png) ![b](../logo.png)")]),
      "chapters/a.png": PIXEL,
    };
    const { course, chapter } = await import("../testing/articles.ts");
    const content = course({ content: [chapter({ baseFilePath: "chapters/two.ipynb" })] });
    const { article, problems } = await readArticle(
      await writeArticle({ ...files, "course.json": content }),
      "course",
    );
    expect(problems).toEqual([]);
    expect(Object.keys(article?.parts ?? {}).filter((label) => label.startsWith("image"))).toEqual([
      "image chapters/a.png",
      "image logo.png",
    ]);
  });

  it("in outputs are looked for too", async () => {
    expect(await codesOf([codeCell("1", [htmlOutput('<img src="no.png"/>')])])).toEqual(["missing-image"]);
  });
});

describe("a problem in a notebook", () => {
  it("names the cell, the line of the file and the text there", async () => {
    const content = notebook([
      markdownCell("fine"),
      markdownCell(["# A\n", "\n", 'see "this" ![x](no.png)\n']),
    ]);
    const [problem] = await problemsOf(content);
    const lines = JSON.stringify(content, null, 1).split("\n");
    const line = lines.findIndex((text) => text.includes("no.png"));
    expect(problem).toMatchObject({
      path: "cells[1].source[2]",
      line: line + 1,
      snippet: 'see "this" ![x](no.png)',
    });
    expect(problem?.column).toBe((lines[line]?.indexOf("no.png") ?? 0) + 1);
    expect(problem?.message).toBe(`Cell 2: there is no image "no.png"`);
  });
});
