import { symlink, truncate } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readArticle } from "../read.ts";
import { codeCell, htmlOutput, markdownCell, notebook, PIXEL, writeArticle } from "../testing/articles.ts";
import { codesOf } from "../testing/notebook-problems.ts";

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
