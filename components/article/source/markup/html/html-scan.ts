import { type ActiveFinding, activeIn } from "./html-active.ts";
import { imagesOf } from "./html-images.ts";
import { tagsOf } from "./html-tags.ts";
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

/** Reads HTML or SVG as a browser would. */
export function scanHtml(html: string): HtmlFindings {
  const tags = tagsOf(html);
  return {
    active: tags.flatMap((tag) =>
      activeIn(tag, () => textAfter(html, tag)).map((finding) => ({ ...finding, tag })),
    ),
    images: tags.flatMap((tag) => imagesOf(tag).map((address) => ({ address, tag }))),
    isOpen: tags.some(({ to }) => to > html.length),
  };
}

/** The text of a script or a style sheet, from its start tag to the end tag. */
function textAfter(html: string, { to }: Tag): string {
  const end = /<\/(?:[\w-]+:)?(?:script|style)/gi;
  end.lastIndex = to;
  return html.slice(to, end.exec(html)?.index);
}
