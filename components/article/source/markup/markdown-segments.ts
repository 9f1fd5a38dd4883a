import { isPlainHtml } from "./html/plain-tags.ts";

/** A part of a Markdown text that is by itself, and where it begins, in UTF-16 units. */
export interface Segment {
  readonly text: string;
  readonly offset: number;
}

/**
 * What reaches from one part of a text into another, however far: fenced code, link references, and HTML whose
 * end is not a blank line. Line ends and tabs that a parser would replace first count too.
 */
const REACHES_ON = /```|~~~|\]:|<pre|\t/i;

/**
 * The parts of a Markdown text that may hold what is looked for, without those around them. Undefined where parts
 * can't be told apart by blank lines, so that the whole text must be read.
 * @param isWanted whether a part without HTML is looked for; left out where none is
 */
export function segmentsOf(text: string, isWanted?: (part: string) => boolean): Segment[] | undefined {
  if (REACHES_ON.test(text) || !isPlainHtml(text)) return undefined;
  const segments: Segment[] = [];
  let offset = 0;
  let tag = text.indexOf("<");
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) {
    const next = afterBlankLine(text, at);
    if (next === undefined) continue;
    keep(at + 1);
    offset = next;
    at = next - 1;
  }
  keep(text.length);
  return segments;

  function keep(end: number): void {
    if (tag >= 0 && tag < offset) tag = text.indexOf("<", offset);
    // Where a tag may begin, it may also stay open.
    const hasTag = tag >= 0 && tag < end;
    if (!hasTag && !isWanted) return;
    const part = text.slice(offset, end);
    if (hasTag || isWanted?.(part)) segments.push({ text: part, offset });
  }
}

/**
 * Where the line begins that follows a blank one, if it begins at the margin: no list, quotation or code goes on
 * there. By characters, as an expression takes several times as long.
 * @param end where the line before the blank one ends
 */
function afterBlankLine(text: string, end: number): number | undefined {
  let at = end + 1;
  while (text.charCodeAt(at) === SPACE) at += 1;
  if (text.charCodeAt(at) !== NEWLINE) return undefined;
  const next = text.charCodeAt(at + 1);
  return at + 1 === text.length || next === SPACE || next === NEWLINE ? undefined : at + 1;
}

const SPACE = 0x20;
const NEWLINE = 0x0a;

/** A line that is one image, of plain characters but for what encloses its parts. */
const IMAGE_LINE = /^!\[[^[\]\\`<&$\r\n]*\]\(([\w./%+,@-]+)(?: +"[^"\\<&\r\n]*")? *\) *\n?$/;

/** The address of the image that a part shows and that is all that it holds; undefined where it holds more. */
export function imageLine(part: string): string | undefined {
  return IMAGE_LINE.exec(part)?.[1];
}

/** A line that is one tag and nothing else, or begins with a tag of a block, as CommonMark has it. */
const HTML_LINE =
  /^<(?:\/?(?:center|details|div|figure|h[1-6]|p|summary|table|t[dhr])(?:[ >]|$)|[a-z][a-z0-9-]*(?: +[a-z_:][\w.:-]*(?: *= *(?:"[^"\n]*"|'[^'\n]*'|[^\s"'=<>`]+))?)* *\/?> *$)/imy;

/** A blank line with something after it. */
const GOES_ON = /\n *\n[ \n]*[^ \n]/;

/** Whether a part is HTML from its first line to its last, in which Markdown means nothing: a blank line would end it. */
export function isHtmlBlock(part: string): boolean {
  HTML_LINE.lastIndex = 0;
  return HTML_LINE.test(part) && !GOES_ON.test(part);
}
