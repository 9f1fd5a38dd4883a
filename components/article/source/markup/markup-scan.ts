import MarkdownIt, { type MarkdownIt as MarkdownParser, type Token } from "markdown-it";
import { activeScheme } from "./active-url.ts";
import type { ActiveFinding } from "./html/html-active.ts";
import { scanHtml } from "./html/html-scan.ts";
import { imageLine, isHtmlBlock, segmentsOf } from "./markdown-segments.ts";
import { isTellingWithoutHtml } from "./markup-triage.ts";
import { recognizeMath } from "./math-rule.ts";
import { mystImageOf } from "./myst-images.ts";

/** Something that would act, and where it is in the text (UTF-16 units). */
export interface ActiveContent extends ActiveFinding {
  readonly offset: number;
}

/** An image that a text shows: its address with entities decoded, and where it is. */
export interface ShownImage {
  readonly address: string;
  readonly offset: number;
  /** Whether a MyST directive shows it. */
  readonly isDirective?: true;
}

/** What a text holds that a check looks at. */
export interface MarkupFindings {
  readonly active: readonly ActiveContent[];
  readonly images: readonly ShownImage[];
}

const markdown = parser();

// Only for images: what looks like one in a formula is none, but a script there would act all the same.
const withMath = parser().use(recognizeMath);

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
  const { active, images } = scanBlock(text);
  return { active, images };
}

function scanBlock(html: string): PageFindings {
  const { active, images, isOpen } = scanHtml(html);
  return {
    active: active.map(({ tag, ...finding }) => ({ ...finding, offset: tag.from })),
    images: images.map(({ address, tag }) => ({ address, offset: tag.from })),
    isOpen,
  };
}

/**
 * Reads Markdown: only the parts of it that may hold something, where they can be read by themselves. A tag that
 * is still open where its part ends would take in what follows, so the whole text is read then.
 */
export function scanMarkdown(text: string): MarkupFindings {
  const isWanted = isTellingWithoutHtml(text) ? isTellingWithoutHtml : undefined;
  const parts = segmentsOf(text, isWanted)?.map(({ text: part, offset }) => ({
    offset,
    ...scanPart(part),
  }));
  if (!parts || parts.some(({ isOpen }) => isOpen)) return scanWhole(text);
  const placed = <T extends { readonly offset: number }>(list: readonly T[], by: number) =>
    list.map((one) => ({ ...one, offset: one.offset + by }));
  return {
    active: parts.flatMap(({ active, offset }) => placed(active, offset)),
    images: parts.flatMap(({ images, offset }) => placed(images, offset)),
  };
}

function scanPart(part: string): PageFindings {
  const address = imageLine(part);
  if (address !== undefined)
    return { active: [], images: [{ address, offset: part.indexOf(address) }], isOpen: false };
  return isHtmlBlock(part) ? scanBlock(part) : scanWhole(part);
}

/** What was found, and whether a tag is still open at the end. */
type PageFindings = MarkupFindings & { readonly isOpen: boolean };

/**
 * Reads a whole text of Markdown. Where it holds HTML, what counts is the page that comes of it, as a tag may begin
 * in one block and end in another: it is rendered, and the page is read. Else the parsed Markdown tells all.
 */
export function scanWhole(text: string): PageFindings {
  const { found, tokens } = parseMarkdown(text, markdown);
  const hasFormulas = found.images.length > 0 && text.includes("$");
  const shown = hasFormulas ? parseMarkdown(text, withMath).found.images : found.images;
  const images = [...shown, ...directives(text, tokens)];
  const inline = tokens.flatMap(({ children }) => children ?? []);
  if (!inline.some(({ type, content }) => type === "text" && /<[a-z]/i.test(content)))
    return { active: found.active, images, isOpen: found.isOpen };
  const { active, isOpen } = scanPage(text, lenient.render(text));
  return { active: [...found.active, ...active], images, isOpen: isOpen || found.isOpen };
}

function parseMarkdown(
  text: string,
  parser: MarkdownParser,
): { readonly found: PageFindings; readonly tokens: readonly Token[] } {
  const environment = {};
  const tokens = parser.parse(text, environment);
  const isHtml = ({ type }: Token) => type === "html_block" || type === "html_inline";
  const hasHtml = tokens.some((token) => isHtml(token) || token.children?.some(isHtml));
  const page = () => parser.renderer.render(tokens, parser.options, environment);
  return { found: hasHtml ? scanPage(text, page()) : scanTokens(text, tokens), tokens };
}

function directives(text: string, tokens: readonly Token[]): ShownImage[] {
  return tokens.flatMap((token) => {
    const address = mystImageOf(token);
    if (address === undefined) return [];
    return [{ address, offset: offsetOf(text, address, token.map?.[0] ?? 0), isDirective: true }];
  });
}

function scanPage(text: string, page: string): PageFindings {
  const { active, images, isOpen } = scanHtml(page);
  const find = finder(text, page);
  return {
    active: active.map(({ tag, ...finding }) => ({ ...finding, offset: find(tag) })),
    images: images.map(({ address, tag }) => ({ address, offset: find(tag, address) })),
    isOpen,
  };
}

function scanTokens(text: string, tokens: readonly Token[]): PageFindings {
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
      const what = `an active address (${scheme} in ${token.type === "image" ? "src of <img>" : "a link"})`;
      active.push({ what, kind: "other", content: address, offset });
    }
  }
  return { active, images, isOpen: false };
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
