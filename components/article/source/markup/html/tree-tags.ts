import { type DefaultTreeAdapterMap, defaultTreeAdapter, Parser, type Token } from "parse5";
import { CLOSING } from "./plain-tags.ts";
import type { Tag } from "./tag.ts";

/**
 * Sees every start tag, also those that building the tree would drop (a `<td>` outside a table, a second
 * `<body>`): which of them count depends on the page around, and the page around is the platform's.
 */
class TagReader extends Parser<DefaultTreeAdapterMap> {
  readonly tags: Tag[] = [];

  override onStartTag(token: Token.TagToken): void {
    this.tags.push({
      name: token.tagName,
      attributes: new Map(token.attrs.map(({ name, value }) => [name, value])),
      from: token.location?.startOffset ?? 0,
      to: token.location?.endOffset ?? 0,
    });
    super.onStartTag(token);
  }
}

/** The tree is built, as it decides how what follows is read, but nobody asks where its nodes were. */
const treeAdapter = {
  ...defaultTreeAdapter,
  setNodeSourceCodeLocation: () => {},
  updateNodeSourceCodeLocation: () => {},
};

/** Every start tag by a whole parser of HTML. */
export function readTags(html: string): Tag[] {
  if (!/<noscript/i.test(html)) return read(html, true);
  // With scripts on, the content of noscript is text; with scripts off, it is markup: both can hide the other.
  return [...read(html, true), ...read(html, false)];
}

function read(html: string, scriptingEnabled: boolean): Tag[] {
  const parser = TagReader.getFragmentParser(null, {
    treeAdapter,
    sourceCodeLocationInfo: true,
    scriptingEnabled,
  });
  parser.tokenizer.write(html + CLOSING, true);
  return parser instanceof TagReader ? parser.tags : [];
}
