import { type ArticleContents, isContent } from "../../components/article/contents.ts";
import type { OutputEntries } from "../outputs/outputs.ts";

/** An article that takes the content that another one had. */
export interface Exchange {
  readonly id: string;
  readonly from: string;
}

/**
 * The articles of a stack that take over each other's content, as when two folders are swapped or one is
 * renamed to the name of another: each keeps its address, so readers' links then lead to other content.
 */
export function exchanges(
  contents: ReadonlyMap<string, Pick<ArticleContents, "fingerprint" | "earlierFingerprint">>,
  before: OutputEntries<"articles">,
): Exchange[] {
  const had = (id: string) => before.get(id)?.fingerprint;
  return [...contents].flatMap(([id, known]) => {
    if (!had(id) || known.fingerprint === "" || isContent(known, had(id))) return [];
    const from = [...contents.keys()].find((other) => other !== id && isContent(known, had(other)));
    // A copy of content that stays where it is leads nobody astray.
    return from === undefined || contents.get(from)?.fingerprint === known.fingerprint ? [] : [{ id, from }];
  });
}
