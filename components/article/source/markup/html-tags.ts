import { readPlainTags } from "./plain-tags.ts";
import { readTags } from "./tree-tags.ts";

/** A start tag as a browser's tokenizer reads it: names in lower case, entities decoded. */
export interface Tag {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  /** Where it begins and ends in the HTML, in UTF-16 units. */
  readonly from: number;
  readonly to: number;
}

/** Every start tag of a piece of HTML, in order, also one at its end that only the page around would close. */
export function tagsOf(html: string): Tag[] {
  return readPlainTags(html) ?? readTags(html);
}
