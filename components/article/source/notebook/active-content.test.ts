import { describe, expect, it } from "vitest";
import { readArticle } from "../read.ts";
import { codeCell, htmlOutput, markdownCell, notebook, writeArticle } from "../testing/articles.ts";
import { type Cell, codesOf, problemsOf } from "../testing/notebook-problems.ts";

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
