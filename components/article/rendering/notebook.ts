import { dirname } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { z } from "zod";
import { escaped } from "../../html.ts";
import { isVisible } from "./html.ts";
import { authorHtml, type MarkdownPlace, markdownHtml } from "./markdown.ts";

const text = z.union([z.string(), z.array(z.string()).transform((lines) => lines.join(""))]);
const outputSchema = z.looseObject({
  text: text.optional(),
  data: z.record(z.string(), z.unknown()).optional(),
  traceback: z.array(z.string()).optional(),
});
type Output = z.output<typeof outputSchema>;
const notebookSchema = z.looseObject({
  cells: z.array(
    z.looseObject({
      cell_type: z.string(),
      source: text,
      outputs: z.array(outputSchema).optional(),
      attachments: z.record(z.string(), z.record(z.string(), text)).optional().catch(undefined),
    }),
  ),
});

/** Where a notebook is in its article. */
export interface NotebookPlace extends Pick<MarkdownPlace, "files" | "level" | "heading"> {
  /** In the repository. */
  readonly path: string;
}

/** A notebook's cells and outputs as HTML. What is no notebook has none. */
export function notebookHtml(raw: unknown, { path, ...lesson }: NotebookPlace): string {
  const parsed = notebookSchema.safeParse(raw);
  const cells = parsed.success ? parsed.data.cells : [];
  let figures = 0;
  const figure = () => `Figure ${++figures} of “${lesson.heading}”, drawn by the code above it`;
  const html = cells.map(({ cell_type: type, source, outputs = [], attachments = {} }) => {
    const place: MarkdownPlace = { ...lesson, folder: dirname(path), attachments };
    if (type === "markdown") return `<div class="markdown">${markdownHtml(source, place)}</div>`;
    return [code(source), ...outputs.map((output) => outputHtml(output, place, figure))].join("\n");
  });
  return html.join("\n");
}

const code = (source: string) => `<pre class="code" tabindex="0"><code>${escaped(source)}</code></pre>`;

/** The richest form of an output that can be shown. What only a script would draw has a text, too. */
function outputHtml(
  { text: printed, data = {}, traceback }: Output,
  place: MarkdownPlace,
  figure: () => string,
): string {
  const of = (type: string) => text.safeParse(data[type]).data;
  for (const type of ["image/png", "image/jpeg", "image/gif"]) {
    const image = of(type);
    if (image === undefined || !/^[\w+/=\s]+$/.test(image)) continue;
    return picture(`data:${type};base64,${image.replaceAll(/\s/g, "")}`, figure());
  }
  const svg = of("image/svg+xml");
  if (svg !== undefined) {
    return picture(`data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}`, figure());
  }
  const html = authorHtml(of("text/html") ?? "", place);
  if (isVisible(html)) return `<div class="output">${html}</div>`;
  const formatted = of("text/markdown") ?? of("text/latex");
  if (formatted !== undefined) return `<div class="markdown">${markdownHtml(formatted, place)}</div>`;
  // A traceback has the colours of a terminal.
  const plain = printed ?? of("text/plain") ?? traceback?.join("\n");
  return plain === undefined
    ? ""
    : `<pre class="output" tabindex="0">${escaped(stripVTControlCharacters(plain))}</pre>`;
}

const picture = (source: string, alternative: string) =>
  `<div class="output"><img src="${source}" alt="${escaped(alternative)}"></div>`;
