import MarkdownIt, { type MarkdownIt as MarkdownParser, type Token } from "markdown-it";
import { activeScheme } from "./active-url.ts";
import type { ActiveFinding } from "./html-active.ts";
import { scanHtml } from "./html-scan.ts";

/** Something that would act, and where it is in the text (UTF-16 units). */
export interface ActiveContent extends ActiveFinding {
  readonly offset: number;
}

/** An image that a text shows: its address with entities decoded, and where it is. */
export interface ShownImage {
  readonly address: string;
  readonly offset: number;
}

/** What a text holds that a check looks at. */
export interface MarkupFindings {
  readonly active: readonly ActiveContent[];
  readonly images: readonly ShownImage[];
}

const markdown = parser();

// What CommonMark takes for text, such as `<img/onerror=…>`, a more lenient renderer may pass on to the browser.
const lenient = parser().disable("text_join");
lenient.renderer.rules["text"] = (tokens, index) => tokens[index]?.content ?? "";
lenient.renderer.rules["text_special"] = (tokens, index) =>
  lenient.utils.escapeHtml(tokens[index]?.content ?? "");

/** Every address is wanted as its author wrote it, also those that markdown-it itself would refuse. */
function parser(): MarkdownParser {
  const made = new MarkdownIt({ html: true, maxNesting: 1000 });
  made.validateLink = () => true;
  made.normalizeLink = (address) => address;
  return made;
}

/** Reads HTML or SVG. */
export function scanHtmlText(text: string): MarkupFindings {
  const { active, images } = scanHtml(text);
  return {
    active: active.map(({ tag, ...finding }) => ({ ...finding, offset: tag.from })),
    images: images.map(({ address, tag }) => ({ address, offset: tag.from })),
  };
}

/**
 * Reads Markdown. Where it holds HTML, what counts is the page that comes of it, as a tag may begin in one
 * block and end in another: it is rendered, and the page is read. Else the parsed Markdown tells all.
 */
export function scanMarkdown(text: string): MarkupFindings {
  const environment = {};
  const tokens = markdown.parse(text, environment);
  const inline = tokens.flatMap(({ children }) => children ?? []);
  const hasHtml =
    tokens.some(({ type }) => type === "html_block") || inline.some(({ type }) => type === "html_inline");
  const found = hasHtml
    ? scanPage(text, markdown.renderer.render(tokens, markdown.options, environment))
    : scanTokens(text, tokens);
  if (!inline.some(({ type, content }) => type === "text" && /<[a-z]/i.test(content))) return found;
  const { active } = scanPage(text, lenient.render(text));
  return { active: [...found.active, ...active], images: found.images };
}

function scanPage(text: string, page: string): MarkupFindings {
  const { active, images } = scanHtml(page);
  const find = finder(text, page);
  return {
    active: active.map(({ tag, ...finding }) => ({ ...finding, offset: find(tag) })),
    images: images.map(({ address, tag }) => ({ address, offset: find(tag, address) })),
  };
}

function scanTokens(text: string, tokens: readonly Token[]): MarkupFindings {
  const active: ActiveContent[] = [];
  const images: ShownImage[] = [];
  for (const block of tokens) {
    for (const token of block.children ?? []) {
      const attribute = token.attrGet(token.type === "image" ? "src" : "href");
      if (attribute === null) continue;
      const address = String(attribute);
      const offset = offsetOf(text, address, block.map?.[0] ?? 0);
      if (token.type === "image") images.push({ address, offset });
      const scheme = activeScheme(address, token.type === "image");
      if (!scheme) continue;
      const what = `an active address (${scheme} in a link)`;
      active.push({ what, kind: "other", content: address, offset });
    }
  }
  return { active, images };
}

/** Where an address is, at or after a line; where it is spelled otherwise (by reference), the line. */
function offsetOf(text: string, address: string, line: number): number {
  let start = 0;
  for (let count = 0; count < line; count += 1) start = text.indexOf("\n", start) + 1;
  const found = address === "" ? -1 : text.indexOf(address, start);
  return found < 0 ? start : found;
}

/** Finds what is in the rendered page in the Markdown that it came from, going forward. */
function finder(text: string, page: string): (tag: { from: number; to: number }, address?: string) => number {
  let last = 0;
  return ({ from, to }, address = "") => {
    const tag = page.slice(from, to);
    const spellings = [tag, tag.split("\n", 1)[0] ?? "", address].filter((spelling) => spelling !== "");
    const found = spellings.map((spelling) => text.indexOf(spelling, last)).find((offset) => offset >= 0);
    last = found ?? last;
    return last;
  };
}
