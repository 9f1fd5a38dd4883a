import { createRequire } from "node:module";
import { join } from "node:path";
import MarkdownIt, {
  type Env,
  type MarkdownIt as MarkdownParser,
  type RendererRule,
  type Token,
} from "markdown-it";
import { safeHtml, scrolling } from "./html.ts";

/** Where a Markdown cell is. */
export interface MarkdownPlace {
  /** The path below which the article's files are served, with a slash at its end. */
  readonly files: string;
  /** The notebook's folder in its repository. */
  readonly folder: string;
  /** The level of the heading above the notebook. */
  readonly level: number;
  /** That heading. The cell does not repeat it. */
  readonly heading: string;
  /** The cell's attached images: file name → media type → base64. */
  readonly attachments: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** A Markdown cell as HTML, with its mathematics set, and without what could act. */
export function markdownHtml(source: string, place: MarkdownPlace): string {
  return authorHtml(parser.render(source, { place }), place);
}

/** HTML of a cell or an output, without what could act. */
export const authorHtml = (source: string, place: MarkdownPlace): string =>
  safeHtml(source, { level: place.level, image: (address) => imageUrl(address, place) });

/** A CommonJS module, whose default export an import gives differently in Node and in its test runner. */
const { default: mathematics } = createRequire(import.meta.url)(
  "@vscode/markdown-it-katex",
) as typeof import("@vscode/markdown-it-katex");

const parser = makeParser();

function makeParser(): MarkdownParser {
  const parser = new MarkdownIt({ html: true, linkify: false });
  // The plugin passes KaTeX's own options on. A formula with an error is shown as it is written.
  const options = { enableBareBlocks: true, throwOnError: false, strict: false };
  parser.use(mathematics, options);
  parser.core.ruler.push("title", ({ tokens, env }) => dropTitle(tokens, placeIn(env)));
  wrap(parser, "math_block");
  wrap(parser, "math_inline_block");
  wrap(parser, "math_inline_bare_block");
  return parser;
}

const placeIn = (env: Env | undefined) => env?.["place"] as MarkdownPlace; // markdownHtml has put it there

function wrap({ renderer: { rules } }: MarkdownParser, name: string): void {
  const rule = rules[name];
  if (!rule) return;
  rules[name] = (...given: Parameters<RendererRule>) => scrolling(rule(...given));
}

/** Removes a first heading that repeats the one above the notebook. */
function dropTitle(tokens: Token[], { heading }: MarkdownPlace): void {
  const [first, title] = tokens;
  const isTitle = first?.type === "heading_open" && first.tag === "h1" && isSame(title?.content, heading);
  if (isTitle) tokens.splice(0, 3);
  else if (first?.type === "html_block" && isSame(titleIn(first.content), heading)) tokens.splice(0, 1);
}

/** The text of a block of HTML that is a heading and nothing else. */
const titleIn = (block: string): string | undefined =>
  /^\s*<h1\b[^>]*>((?:(?!<\/?h1\b).)*)<\/h1>\s*$/is.exec(block)?.[1]?.replaceAll(/<[^>]*>/g, "");

const isSame = (one: string | undefined, other: string) => one !== undefined && plain(one) === plain(other);
const plain = (text: string) =>
  text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .trim();

/** Images of the article come from where its files are served, those of the cell from the notebook. */
function imageUrl(source: string, { files, folder, attachments }: MarkdownPlace): string {
  const [, name] = /^attachment:(.+)$/.exec(source) ?? [];
  const [type, data] = Object.entries(attachments[decoded(name ?? "")] ?? {})[0] ?? [];
  if (type && data) return `data:${type};base64,${data.replaceAll(/\s/g, "")}`;
  if (/^([a-z][a-z0-9+.-]*:|\/\/)/i.test(source)) return source;
  return `${files}${join(folder, source)}`;
}

function decoded(name: string): string {
  try {
    return decodeURI(name);
  } catch {
    return name;
  }
}
