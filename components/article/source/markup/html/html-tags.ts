import { readPlainTags } from "./plain-tags.ts";
import type { Tag } from "./tag.ts";
import { readTags } from "./tree-tags.ts";

/** Every start tag of a piece of HTML, in order, also one at its end that only the page around would close. */
export function tagsOf(html: string): Tag[] {
  return readPlainTags(html) ?? readTags(html);
}
