import { UNKNOWN } from "../resource/contract.ts";
import type { Applied, PlannedArticle, SavedArticle } from "./article-contract.ts";
import { abbreviated, describeChanges, partsFrom } from "./source/changes.ts";

/** What an update would do, for people; empty where there is nothing to do. */
export interface ArticleDifference {
  readonly lines: readonly string[];
  /** Whether something must be sent to qBook. */
  readonly send: boolean;
}

type Before = Pick<SavedArticle, "state" | "customId" | "applied">;
type Wanted = Pick<PlannedArticle, "fingerprint" | "titlePrefix" | "visibility" | "customId">;

/**
 * Compares what was last applied with what is wanted. Pure. Only content, the stack's overrides and the
 * article's ID count: a new commit with the same content is no difference.
 * @param versions the parts of the wanted content in each way that states have them, to name what changed in it
 */
export function difference(
  before: Before,
  wanted: Wanted,
  versions: readonly Readonly<Record<string, string>>[] = [],
): ArticleDifference {
  const changed = [
    ...adoption(before, wanted),
    ...contentChanges(before.applied, wanted, versions),
    ...overrides(before, wanted),
  ];
  if (changed.length > 0) return { lines: changed, send: true };
  if (before.state === "processing") {
    return { lines: ["qBook was still processing it: the next deployment waits for it"], send: false };
  }
  if (before.state === "failed")
    return { lines: ["qBook failed to process it: it is sent again"], send: true };
  return { lines: [], send: false };
}

function adoption(before: Before, { customId }: Wanted): string[] {
  if (customId === undefined || customId === before.customId) return [];
  if (customId === UNKNOWN) return ["its ID on qBook is not known yet"];
  return [`adopts ${customId} on qBook${before.customId ? ` instead of ${before.customId}` : ""}`];
}

function contentChanges(
  applied: Applied | undefined,
  { fingerprint }: Wanted,
  versions: readonly Readonly<Record<string, string>>[],
): string[] {
  if (fingerprint === UNKNOWN) return ["its content is not known yet"];
  if (!applied) return ["its content has never been applied"];
  if (fingerprint === applied.fingerprint) return [];
  const kept = partsFrom(applied.parts);
  const described = versions.map((parts) => describeChanges(kept, abbreviated(parts)));
  // In another way of making digests, parts that have not changed differ too.
  const [fewest = []] = described.toSorted((a, b) => a.length - b.length);
  return fewest.length > 0 ? fewest : ["content changed"];
}

function overrides({ applied }: Before, wanted: Wanted): string[] {
  if (!applied) return [];
  const lines: string[] = [];
  if (differs(applied.titlePrefix, wanted.titlePrefix)) lines.push("the stack's title prefix changed");
  if (differs(applied.visibility, wanted.visibility)) lines.push("the stack's visibility changed");
  return lines;
}

/** No prefix and an empty one are the same; one that is not known yet may differ. */
const differs = (before: string | undefined, after: Wanted["titlePrefix"]) =>
  (before ?? "") !== (after ?? "");
