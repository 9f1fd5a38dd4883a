/*
 * Which texts need the Markdown and HTML parsers at all. A text that these rule out holds nothing that the
 * parsers could report; most cells of most notebooks are such texts. Each expression matches what every
 * offending text must contain by the HTML and CommonMark standards, so a yes only costs time:
 * a tag's name follows `<` directly, an attribute's name follows white space, `/` or a quotation mark,
 * and neither can be spelled with entities.
 */

const ACTIVE_TAG = /<(?:[\w-]+:)?(?:script|i?frame|object|embed|applet|portal|fencedframe|meta)|@import/i;

// Both look for the `=` and then back, as there are fewer of them than of places where a name may begin.
const TELLING_ATTRIBUTE =
  /=(?<=[\s/"'](?:on[a-z]+|[\w-]*:?href|src|srcset|srcdoc|(?:form)?action|data|poster|background|cite|codebase|classid|code|archive|longdesc|profile|usemap|manifest|ping|dynsrc|lowsrc|values|from|to|by)\s*=)/i;

const IMAGE_MARKUP = /!\[|=(?<=[\s/"'](?:[\w-]*:?href|src|srcset|poster|background)\s*=)/i;

// Charts are full of `url(#part)`, which is no image. Only what acts is worth spelling with entities.
const STYLED_IMAGE = /url\((?!\s*["']?(?:#|data:))/i;

/** Whether HTML or SVG may hold active content or images. */
export function isTellingHtml(text: string): boolean {
  return (
    text.includes("<") && (ACTIVE_TAG.test(text) || TELLING_ATTRIBUTE.test(text) || STYLED_IMAGE.test(text))
  );
}

/** Whether Markdown may hold active content or images. Where it does by HTML, the scan asks for the rest itself. */
export function isTellingMarkdown(text: string): boolean {
  return isTellingHtml(text) || isTellingWithoutHtml(text);
}

/** Whether Markdown may hold active content or images other than by HTML. */
export function isTellingWithoutHtml(text: string): boolean {
  return text.includes("![") || mayHaveDirective(text) || mayHaveActiveLink(text);
}

/** Whether Markdown or HTML may show an image: all that a fingerprint needs to know. */
export function mayShowImages(text: string): boolean {
  return IMAGE_MARKUP.test(text) || STYLED_IMAGE.test(text) || mayHaveDirective(text);
}

/** MyST shows images with directives. */
function mayHaveDirective(text: string): boolean {
  return text.includes("{image}") || text.includes("{figure}");
}

// Where an address names its scheme, or spells it with an entity or a backslash. Tabs and line ends don't count.
const TELLING_ADDRESS = /[:&\\](?:(?<=(?:script|data)[\t\n\r]*:)|(?<=&)[#\w]+;|(?<=\\)[!-/:-@[-`{-~])/i;

/** A link's address can be spelled with entities and backslashes. */
function mayHaveActiveLink(text: string): boolean {
  const hasLink = text.includes("](") || text.includes("]:") || text.includes("<");
  return hasLink && TELLING_ADDRESS.test(text);
}
