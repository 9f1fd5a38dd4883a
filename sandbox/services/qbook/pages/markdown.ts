import { createRequire } from "node:module";
import { join } from "node:path";
import MarkdownIt, {
  type Env,
  type MarkdownIt as MarkdownParser,
  type RendererRule,
  type Token,
} from "markdown-it";
import { scrolling } from "./layout.ts";

/** Where a Markdown cell is. */
export interface MarkdownPlace {
  readonly customId: string;
  /** The notebook's folder in its repository. */
  readonly folder: string;
  /** The level of the heading above the notebook. */
  readonly level: number;
  /** That heading. The cell does not repeat it. */
  readonly heading: string;
  /** The cell's attached images: file name → media type → base64. */
  readonly attachments: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** A Markdown cell as HTML, with its mathematics set. Raw HTML is shown as text. */
export function markdownHtml(source: string, place: MarkdownPlace): string {
  return parser.render(source, { place });
}

/** A CommonJS module, whose default export an import gives differently in Node and in its test runner. */
const { default: mathematics } = createRequire(import.meta.url)(
  "@vscode/markdown-it-katex",
) as typeof import("@vscode/markdown-it-katex");

const parser = makeParser();

function makeParser(): MarkdownParser {
  const parser = new MarkdownIt({ html: false, linkify: false });
  // The plugin passes KaTeX's own options on. A formula with an error is shown as it is written.
  const options = { enableBareBlocks: true, throwOnError: false, strict: false };
  parser.use(mathematics, options);
  parser.core.ruler.push("headings", ({ tokens, env }) => placeHeadings(tokens, placeIn(env)));
  const { rules } = parser.renderer;
  wrap(parser, "math_block");
  wrap(parser, "math_inline_block");
  wrap(parser, "math_inline_bare_block");
  rules["table_open"] = () => '<div class="scroll" tabindex="0"><table>\n';
  rules["table_close"] = () => "</table></div>\n";
  const image = rules["image"];
  rules["image"] = (tokens, index, options, env, self) => {
    const token = tokens[index];
    token?.attrSet("src", imageUrl(String(token.attrGet("src") ?? ""), placeIn(env)));
    // It sets the alternative text.
    return image?.(tokens, index, options, env, self) ?? "";
  };
  return parser;
}

const placeIn = (env: Env | undefined) => env?.["place"] as MarkdownPlace; // markdownHtml has put it there

function wrap({ renderer: { rules } }: MarkdownParser, name: string): void {
  const rule = rules[name];
  if (!rule) return;
  rules[name] = (...given: Parameters<RendererRule>) => scrolling(rule(...given));
}

/** Moves headings below the one above the notebook, and removes the first if it repeats that one. */
function placeHeadings(tokens: Token[], { level, heading }: MarkdownPlace): void {
  const [first, title] = tokens;
  if (first?.type === "heading_open" && first.tag === "h1" && isSame(title?.content, heading)) {
    tokens.splice(0, 3);
  }
  for (const token of tokens) {
    if (!token.type.startsWith("heading_")) continue;
    token.tag = `h${Math.min(6, level + Math.max(1, Number(token.tag.slice(1)) - 1))}`;
  }
}

const isSame = (one = "", other = "") => plain(one) === plain(other);
const plain = (text: string) =>
  text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .trim();

/** Images of the article come from the stand-in, those of the cell from the notebook. */
function imageUrl(source: string, { customId, folder, attachments }: MarkdownPlace): string {
  const [, name] = /^attachment:(.+)$/.exec(source) ?? [];
  const [type, data] = Object.entries(attachments[decodeURI(name ?? "")] ?? {})[0] ?? [];
  if (type && data) return `data:${type};base64,${data.replaceAll(/\s/g, "")}`;
  if (/^[a-z][a-z0-9+.-]*:/i.test(source)) return source;
  return `/files/${encodeURIComponent(customId)}/${join(folder, source)}`;
}
