import { dirname, join } from "node:path";
import MarkdownIt from "markdown-it";
import { z } from "zod";
import type { Status, StoredArticle, StoredLesson } from "./articles.ts";

const text = z.union([z.string(), z.array(z.string()).transform((lines) => lines.join(""))]);
const output = z.looseObject({ text: text.optional(), data: z.record(z.string(), z.unknown()).optional() });
const cell = z.looseObject({
  cell_type: z.string(),
  source: text,
  outputs: z.array(output).optional(),
});
const notebook = z.looseObject({ cells: z.array(cell) });

/** An article as a reader would see it: its chapters with their notebooks. */
export function articlePage(article: StoredArticle, status: Status): string {
  const { data, customId, lessons, failure } = article;
  const contents = lessons.map(
    ({ title, level }, index) => `<li class="${level}"><a href="#lesson-${index}">${escaped(title)}</a></li>`,
  );
  const body = lessons.map((lesson, index) => lessonHtml(customId, lesson, index));
  return page(
    data.courseName,
    `<p class="note">A stand-in of qBook on this machine · ${escaped(article.kind)} · ${status} · revision ${article.revision}</p>
<h1>${escaped(data.courseName)}</h1>
<p class="lead">${escaped(data.courseDescription)}</p>
${failure ? `<p class="failure">${escaped(failure)}</p>` : ""}
<nav><ol>${contents.join("")}</ol></nav>
${body.join("\n")}`,
  );
}

/** The list of everything that the stand-in has. */
export function indexPage(articles: readonly StoredArticle[]): string {
  const items = articles.map(
    ({ customId, data, kind }) =>
      `<li><a href="/learn/${encodeURIComponent(customId)}">${escaped(data.courseName)}</a> <small>${escaped(kind)}</small></li>`,
  );
  return page(
    "qBook, a stand-in",
    `<h1>qBook, a stand-in</h1><ul>${items.join("") || "<li>nothing yet</li>"}</ul>`,
  );
}

function lessonHtml(
  customId: string,
  { title, level, path, notebook: raw }: StoredLesson,
  index: number,
): string {
  const heading = level === "chapter" ? "h2" : "h3";
  const parsed = notebook.safeParse(raw);
  const cells = parsed.success ? parsed.data.cells : [];
  const markdown = renderer(customId, dirname(path));
  const html = cells.map((one) =>
    one.cell_type === "markdown"
      ? `<div class="markdown">${markdown.render(one.source)}</div>`
      : `<pre class="code">${escaped(one.source)}</pre>${(one.outputs ?? []).map(outputHtml).join("")}`,
  );
  return `<section id="lesson-${index}"><${heading} class="title">${escaped(title)}</${heading}>${html.join("\n")}</section>`;
}

function outputHtml({ text: printed, data = {} }: z.output<typeof output>): string {
  const image = text.safeParse(data["image/png"]);
  if (image.success && /^[\w+/=\s]+$/.test(image.data)) {
    return `<img alt="output" src="data:image/png;base64,${image.data.replaceAll(/\s/g, "")}">`;
  }
  const plain = printed ?? text.safeParse(data["text/plain"]).data;
  return plain === undefined ? "" : `<pre class="output">${escaped(plain)}</pre>`;
}

/** Markdown without HTML; the images of the article come from the stand-in. */
function renderer(customId: string, folder: string) {
  const markdown = new MarkdownIt({ html: false, linkify: false });
  markdown.renderer.rules["image"] = (tokens, index, options, _env, self) => {
    const token = tokens[index];
    const source = String(token?.attrGet("src") ?? "");
    if (token && !/^[a-z][a-z0-9+.-]*:/i.test(source)) {
      token.attrSet("src", `/files/${encodeURIComponent(customId)}/${join(folder, source)}`);
    }
    return self.renderToken(tokens, index, options);
  };
  return markdown;
}

const STYLE = `:root{color-scheme:light dark}body{font:1.05rem/1.6 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}
h1{line-height:1.2}.lead{font-size:1.2rem}.note,small{color:#777;font-size:.85rem}.failure{color:#b00}
nav ol{list-style:none;padding:0}nav .section{margin-left:1.5rem}.title{border-top:1px solid #8884;padding-top:1.5rem}
pre{overflow-x:auto;padding:.8rem;border-radius:.4rem;font-size:.9rem;margin:.4rem 0}.code{background:#8882}.output{border-left:3px solid #8886}
img{max-width:100%}table{border-collapse:collapse}td,th{border:1px solid #8886;padding:.2rem .6rem}`;

function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title><style>${STYLE}</style></head><body>${body}</body></html>`;
}

function escaped(value: string): string {
  return value
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
