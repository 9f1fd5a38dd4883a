import { scanTags } from "./html/html-scan.ts";
import { readPlainTags } from "./html/plain-tags.ts";
import type { Tag } from "./html/tag.ts";
import { imageLine, isHtmlBlock, segmentsOf } from "./markdown-segments.ts";
import type { ActiveContent, MarkupFindings, PageFindings, ShownImage } from "./markup-findings.ts";
import { isTellingWithoutHtml } from "./markup-triage.ts";

/** The parsers of Markdown and HTML: large modules, which few articles need. */
export type Parsers = typeof import("./markup-parsers.ts");

/**
 * Reads HTML or SVG.
 * @returns undefined where only a parser can read it, and there is none
 */
export function scanHtmlText(text: string, parsers: Parsers): MarkupFindings;
export function scanHtmlText(text: string, parsers: Parsers | undefined): MarkupFindings | undefined;
export function scanHtmlText(text: string, parsers: Parsers | undefined): MarkupFindings | undefined {
  return scanBlock(text, parsers);
}

/**
 * Reads Markdown: only the parts of it that may hold something, where they can be read by themselves. A tag that
 * is still open where its part ends would take in what follows, so the whole text is read then.
 * @returns undefined where only a parser can read it, and there is none
 */
export function scanMarkdown(text: string, parsers: Parsers): MarkupFindings;
export function scanMarkdown(text: string, parsers: Parsers | undefined): MarkupFindings | undefined;
export function scanMarkdown(text: string, parsers: Parsers | undefined): MarkupFindings | undefined {
  const isWanted = isTellingWithoutHtml(text) ? isTellingWithoutHtml : undefined;
  const segments = segmentsOf(text, isWanted);
  if (!segments) return parsers?.scanWhole(text);
  const active: ActiveContent[] = [];
  const images: ShownImage[] = [];
  for (const { text: part, offset } of segments) {
    const found = scanPart(part, parsers);
    if (!found) return undefined;
    if (found.isOpen) return parsers?.scanWhole(text);
    for (const one of found.active) active.push({ ...one, offset: one.offset + offset });
    for (const one of found.images) images.push({ ...one, offset: one.offset + offset });
  }
  return { active, images };
}

function scanPart(part: string, parsers: Parsers | undefined): PageFindings | undefined {
  const address = imageLine(part);
  if (address !== undefined)
    return { active: [], images: [{ address, offset: part.indexOf(address) }], isOpen: false };
  return isHtmlBlock(part) ? scanBlock(part, parsers) : parsers?.scanWhole(part);
}

function scanBlock(html: string, parsers: Parsers | undefined): PageFindings | undefined {
  const tags: readonly Tag[] | undefined = readPlainTags(html) ?? parsers?.readTags(html);
  if (!tags) return undefined;
  const { active, images, isOpen } = scanTags(html, tags);
  return {
    active: active.map(({ tag, ...finding }) => ({ ...finding, offset: tag.from })),
    images: images.map(({ address, tag }) => ({ address, offset: tag.from })),
    isOpen,
  };
}
