import { type ActiveFinding, activeIn } from "./html-active.ts";
import { imagesOf } from "./html-images.ts";
import type { Tag } from "./tag.ts";

/** An image that HTML shows, by its address as written. */
interface ImageFinding {
  readonly address: string;
  readonly tag: Tag;
}

/** What HTML or SVG holds that a check looks at. */
interface HtmlFindings {
  readonly active: readonly (ActiveFinding & { readonly tag: Tag })[];
  readonly images: readonly ImageFinding[];
  /** Whether its last tag ends only with what follows. */
  readonly isOpen: boolean;
}

/**
 * What HTML or SVG holds, as a browser would read it.
 * @param tags all of its start tags, in order
 */
export function scanTags(html: string, tags: readonly Tag[]): HtmlFindings {
  const active: HtmlFindings["active"][number][] = [];
  const images: ImageFinding[] = [];
  let isOpen = false;
  // A text has many tags, and hardly any of them holds anything active: no list is made for each.
  for (const tag of tags) {
    for (const finding of activeIn(tag, () => textAfter(html, tag))) active.push({ ...finding, tag });
    for (const address of imagesOf(tag)) images.push({ address, tag });
    isOpen ||= tag.to > html.length;
  }
  return { active, images, isOpen };
}

/** The text of a script or a style sheet, from its start tag to the end tag. */
function textAfter(html: string, { to }: Tag): string {
  const end = /<\/(?:[\w-]+:)?(?:script|style)/gi;
  end.lastIndex = to;
  return html.slice(to, end.exec(html)?.index);
}
