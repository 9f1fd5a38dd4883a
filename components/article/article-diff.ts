import { isUnknown, type Properties } from "../resource/provider.ts";
import type { Applied, ArticleState } from "./article-state.ts";
import { describeChanges } from "./source/changes.ts";

/** What an update would do, in words for people; empty where there is nothing to do. */
export interface ArticleDifference {
  readonly lines: readonly string[];
  /** Whether something must be sent to qBook. */
  readonly send: boolean;
}

interface Before {
  readonly state: ArticleState;
  readonly customId?: string | undefined;
  readonly applied?: Applied | undefined;
}

/**
 * What was last applied against what is wanted. Pure. Only content, the stack's overrides and the
 * article's id count: a new commit with the same content is no difference.
 */
export function difference(before: Before, news: Properties): ArticleDifference {
  const changed = [
    ...adoption(before, news),
    ...contentChanges(before.applied, news),
    ...overrides(before, news),
  ];
  if (changed.length > 0) return { lines: changed, send: true };
  if (before.state === "processing") {
    return { lines: ["qBook was still processing it: the next up waits for that"], send: false };
  }
  if (before.state === "failed")
    return { lines: ["qBook failed to process it: it is sent again"], send: true };
  return { lines: [], send: false };
}

function adoption(before: Before, news: Properties): string[] {
  const wanted: unknown = news["customId"];
  if (wanted === undefined || wanted === null || wanted === before.customId) return [];
  if (isUnknown(wanted)) return ["its id on qBook is not known yet"];
  return [`adopts ${String(wanted)} on qBook${before.customId ? ` instead of ${before.customId}` : ""}`];
}

function contentChanges(applied: Applied | undefined, news: Properties): string[] {
  const fingerprint: unknown = news["fingerprint"];
  if (isUnknown(fingerprint) || isUnknown(news["parts"])) return ["its content is not known yet"];
  if (!applied) return ["its content has never been applied"];
  if (fingerprint === applied.fingerprint) return [];
  const described = describeChanges(applied.parts, (news["parts"] ?? {}) as Record<string, string>);
  return described.length > 0 ? described : ["content changed"];
}

function overrides({ applied }: Before, news: Properties): string[] {
  if (!applied) return [];
  const lines: string[] = [];
  if (differs(applied.titlePrefix, news["titlePrefix"])) lines.push("the stack's title prefix changed");
  if (differs(applied.visibility, news["visibility"])) lines.push("the stack's visibility changed");
  return lines;
}

/** No prefix and an empty one are the same. */
const differs = (before: string | undefined, after: unknown) => (before ?? "") !== (after ?? "");
