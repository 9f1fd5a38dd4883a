import { type ArticleStatus, isFinal } from "../../qbook/protocol.ts";
import type { SavedArticle } from "../article-contract.ts";
import { RevisionWatch } from "./revision-watch.ts";

/**
 * The state of an article after its status was asked for. Pure.
 * @param now milliseconds since the epoch
 * @param settleTime milliseconds
 */
export function refreshed(
  before: SavedArticle,
  answer: ArticleStatus,
  now: number,
  settleTime: number,
): SavedArticle {
  const { pending, evidence, ...kept } = before;
  const { status, url = before.url } = answer;
  const state = isFinal(status) ? status : "processing";
  if (before.state === state && state !== "processing") return { ...before, url };
  // Somebody else had it processed again.
  const again = { sentAt: now, before: { status: before.state, url: before.url }, left: true };
  const watch = new RevisionWatch(before.state === "processing" ? pending : again, settleTime);
  const found = watch.see(answer, now);
  if (!found || state === "processing") return { ...kept, state: "processing", pending: watch.pending };
  return { ...kept, state, url, ...(state === "processed" ? { evidence: found } : {}) };
}
