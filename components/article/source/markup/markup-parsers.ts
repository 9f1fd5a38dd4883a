import MarkdownIt, { type MarkdownIt as MarkdownParser, type Token } from "markdown-it";
import { activeScheme } from "./active-url.ts";
import { scanTags } from "./html/html-scan.ts";
import { readPlainTags } from "./html/plain-tags.ts";
import { readTags } from "./html/tree-tags.ts";
import type { ActiveContent, PageFindings, ShownImage } from "./markup-findings.ts";
import { recognizeMath } from "./math-rule.ts";
import { mystImageOf } from "./myst-images.ts";

export { readTags };

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
  const { active, images, isOpen } = scanTags(page, readPlainTags(page) ?? readTags(page));
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
