import { type DefaultTreeAdapterTypes as Dom, html, parseFragment, serialize, serializeOuter } from "parse5";
import { escaped } from "../../html.ts";

/** How the HTML of an author is fitted into a page. */
export interface HtmlPlace {
  /** The level of the heading above it: its own are below that. */
  readonly level: number;
  /** Where the page finds an image of the article. */
  image(source: string): string;
}

const { HTML, MATHML, SVG } = html.NS;

/** What is kept: text and its structure, and what KaTeX makes. All else that has content leaves it behind. */
const ELEMENTS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  [
    HTML,
    words(`a abbr b bdi bdo big blockquote br caption center cite code col colgroup dd del details dfn div dl dt em
      figcaption figure font h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q rp rt ruby s samp section small span
      strike strong sub summary sup table tbody td tfoot th thead time tr tt u ul var wbr`),
  ],
  [
    MATHML,
    words(`annotation math menclose mfrac mi mn mo mover mpadded mphantom mroot mrow ms mspace msqrt mstyle msub msubsup
      msup mtable mtd mtext mtr munder munderover semantics`),
  ],
  [SVG, words("g line path rect svg")],
]);

/** What goes with its content, which is no text for people. */
const REMOVED = words("head math noscript script select style svg template textarea title");

/** What a page would load from elsewhere: a link leads there instead. */
const EMBEDDED = words("audio embed iframe object video");

const ATTRIBUTES =
  words(`align alt aria-hidden aria-label bgcolor border cellpadding cellspacing class color colspan dir
  height href id lang open reversed role rowspan scope size span src start style title type valign value width`);

/** Names that the page itself uses. */
const OWN_ID = /^(content|(lesson|heading)-\d+)$/;

/**
 * HTML of an author as it may be in a page: complete elements, and none that could act or load anything but
 * images. Images are found, wide tables scroll, headings continue with the levels of the page.
 */
export function safeHtml(source: string, place: HtmlPlace): string {
  const fragment = parseFragment(source);
  fragment.childNodes = fragment.childNodes.flatMap((node) => safe(node, place));
  return serialize(fragment);
}

/** Whether safe HTML shows something. */
export const isVisible = (safe: string): boolean =>
  /<img\b/.test(safe) || /\S/.test(safe.replaceAll(/<[^>]*>/g, ""));

function safe(node: Dom.ChildNode, place: HtmlPlace): Dom.ChildNode[] {
  // Text of a parent like <xmp> would be written as it is, although that parent goes.
  if (node.nodeName === "#text") return [{ ...node, parentNode: null }];
  if (!("tagName" in node)) return [];
  const { tagName, namespaceURI } = node;
  if (EMBEDDED.has(tagName)) return embedded(node);
  const known = ELEMENTS.get(namespaceURI)?.has(tagName) === true;
  if (!known && REMOVED.has(tagName)) return [];
  node.childNodes = node.childNodes.flatMap((child) => safe(child, place));
  if (!known) return node.childNodes;
  node.attrs = node.attrs.filter((attribute) => isSafe(attribute, namespaceURI));
  if (namespaceURI !== HTML) return [node];
  if (tagName === "img") placeImage(node, place);
  const [, level] = /^h([1-6])$/.exec(tagName) ?? [];
  if (level) node.nodeName = node.tagName = `h${Math.min(6, place.level + Math.max(1, Number(level) - 1))}`;
  return tagName === "table" ? parsed(scrolling(serializeOuter(node))) : [node];
}

function isSafe({ name, value }: Dom.Element["attrs"][number], namespace: string): boolean {
  if (name === "href") return namespace === HTML && isLink(value);
  if (name === "id") return !OWN_ID.test(value);
  if (name === "style") return !/url|fixed|sticky|\\/i.test(value);
  // Another order of the keyboard's focus than that of the page leads readers astray.
  if (name === "tabindex") return value === "0";
  return namespace === HTML ? ATTRIBUTES.has(name) : !/^on|:/i.test(name);
}

/** An address that a reader may follow; relative to the page, where it has no scheme. */
function isLink(address: string): boolean {
  return (
    URL.canParse(address, "http://page/") &&
    /^(https?|mailto):$/.test(new URL(address, "http://page/").protocol)
  );
}

function placeImage(image: Dom.Element, place: HtmlPlace): void {
  const given = image.attrs.find(({ name }) => name === "src");
  if (given) given.value = place.image(given.value);
  // Without any, a screen reader reads the address out.
  if (!image.attrs.some(({ name }) => name === "alt")) image.attrs.push({ name: "alt", value: "" });
}

/** A frame or a film is a link: it would be loaded from elsewhere. */
function embedded(node: Dom.Element): Dom.ChildNode[] {
  const elements = [node, ...node.childNodes.filter((child) => "attrs" in child)];
  const attributes = elements.flatMap(({ attrs }) => attrs);
  const { value = "" } =
    attributes.find(({ name, value }) => /^(src|data)$/.test(name) && isLink(value)) ?? {};
  const address = escaped(value);
  return value === "" ? [] : parsed(`<p><a href="${address}">Embedded: ${address}</a></p>`);
}

const parsed = (source: string): Dom.ChildNode[] => parseFragment(source).childNodes;

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/));
}

/** HTML that scrolls by itself where it is too wide, also with a keyboard. */
export const scrolling = (html: string): string => `<div class="scroll" tabindex="0">${html}</div>`;
