import type { Tag } from "./tag.ts";

/** Closes a tag that the text leaves open, in quotes of either kind or in none; elsewhere it is text. */
export const CLOSING = `>"'>`;

/**
 * What makes the reading of tags depend on more than the tags themselves: elements whose content is text,
 * comments and their like, and characters that are replaced before anything is read.
 */
const IN_CONTEXT =
  /<(?:script|style|textarea|title|xmp|iframe|noembed|noframes|noscript|plaintext|[!?]|\/[^a-z])|[\0\r]/i;

/** Whether the tags of a piece of HTML can be read one by one, whatever is around them. */
export function isPlainHtml(html: string): boolean {
  return !IN_CONTEXT.test(html);
}

/**
 * Every start tag of a piece of HTML, as the standard's tokenizer reads it, but by a few expressions: much faster
 * than a whole parser, which is needed for what is not plain, or has entities. Undefined there.
 */
export function readPlainTags(html: string): Tag[] | undefined {
  if (!isPlainHtml(html)) return undefined;
  const closed = html + CLOSING;
  const tags: Tag[] = [];
  for (let at = closed.indexOf("<"); at >= 0; ) {
    TAG.lastIndex = at;
    const name = TAG.exec(closed)?.[1];
    if (name === undefined) {
      at = closed.indexOf("<", at + 1);
      continue;
    }
    const attributes = new Map<string, string>();
    const to = readAttributes(closed, TAG.lastIndex, attributes);
    if (to === undefined) return undefined;
    if (!name.startsWith("/")) tags.push({ name: lowerCase(name), attributes, from: at, to });
    at = closed.indexOf("<", to);
  }
  return tags;
}

const TAG = /<(\/?[a-z][^\t\n\f />]*)/iy;

/** Between attributes, and then a name, which may begin with an equals sign. */
const NAME = /[\t\n\f /]*([^\t\n\f />][^\t\n\f />=]*)/y;

/** A value in quotes, in none, or missing. */
const VALUE = /[\t\n\f ]*=[\t\n\f ]*(?:"([^"]*)"|'([^']*)'|([^\t\n\f >"'][^\t\n\f >]*)|(?=>))/y;

const EQUALS = /[\t\n\f ]*=/y;

const END = /[\t\n\f /]*>/y;

/** Reads a tag from after its name; gives where it ends. Undefined where an entity must be decoded, or it doesn't end. */
function readAttributes(html: string, start: number, attributes: Map<string, string>): number | undefined {
  for (let at = start; ; ) {
    const end = matchAt(END, html, at);
    if (end) return END.lastIndex;
    const name = matchAt(NAME, html, at)?.[1];
    if (name === undefined) return undefined;
    at = NAME.lastIndex;
    const found = matchAt(VALUE, html, at);
    if (!found && matchAt(EQUALS, html, at)) return undefined;
    const value = found?.[1] ?? found?.[2] ?? found?.[3] ?? "";
    if (value.includes("&")) return undefined;
    if (found) at = VALUE.lastIndex;
    const key = lowerCase(name);
    if (!attributes.has(key)) attributes.set(key, value);
  }
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** Only ASCII letters, as the standard has it. */
function lowerCase(name: string): string {
  return /[A-Z]/.test(name) ? name.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase()) : name;
}
