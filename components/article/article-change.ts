import { formatProblem, LecternError, type Problem } from "../problem/problem.ts";
import type { ProviderContext } from "../resource/context/context.ts";
import { UNKNOWN } from "../resource/contract.ts";
import type { Change } from "../resource/provider.ts";
import {
  type articleContract,
  articleId,
  type PlannedArticle,
  type SavedArticle,
} from "./article-contract.ts";
import { difference } from "./article-diff.ts";
import { creationGuard } from "./creation/creation-guard.ts";
import { goneProblem, refusedWayOut, uncertainProblem } from "./creation/questions.ts";

type ArticleChange = Change<typeof articleContract>;

// What reads notebooks is large; a run over unchanged articles needs none of it.
const validation = () => import("./validation.ts");
const request = () => import("./actions/request.ts");

/** What a deployment would do to an article that the state has. Reports it, line by line. */
export async function diff(
  before: SavedArticle,
  wanted: PlannedArticle,
  context: ProviderContext,
): Promise<ArticleChange> {
  const because = (["kind", "slug"] as const).filter(
    (key) => isKnown(wanted[key]) && wanted[key] !== before[key],
  );
  if (because.length > 0) return { change: "replace", because };
  const guard = creationGuard(context);
  const id = articleId(before);
  if (guard.mustFail(id)) return { change: "update" };
  const change = isUnsettled(before)
    ? await unsettled(before, wanted, context)
    : await settled(before, wanted, context);
  if (change.change === "none") guard.keep(id);
  return change;
}

async function settled(
  before: SavedArticle,
  wanted: PlannedArticle,
  context: ProviderContext,
): Promise<ArticleChange> {
  const id = articleId(before);
  if (before.state === "failed" && (await (await request()).isHeld(wanted))) {
    reportLines(context, id, ["is held unchanged: qBook failed to process it"]);
    return { change: "none" };
  }
  const same = wanted.fingerprint === before.applied?.fingerprint;
  const parts = same ? undefined : await (await validation()).wantedParts(wanted, context);
  const { lines } = difference(before, wanted, parts);
  reportLines(context, id, lines);
  return { change: lines.length > 0 ? "update" : "none" };
}

/** What a plan names as the reason to replace a refused article in the state. */
const CREATED_AGAIN = "ledger";

/** An article that is not on qBook, or may not be: a person's answer decides. */
async function unsettled(
  before: SavedArticle,
  wanted: PlannedArticle,
  context: ProviderContext,
): Promise<ArticleChange> {
  const id = articleId(before);
  const guard = creationGuard(context);
  const { customId, confirmAbsent, ledger } = wanted;
  if (wantsOther(before, wanted)) {
    reportLines(context, id, [`adopts ${known(customId) ?? "an article"} on qBook`]);
    return { change: "update" };
  }
  if (confirmAbsent && (ledger === UNKNOWN || ledger === context.runId)) {
    reportLines(context, id, ["is created: it was confirmed not to be on qBook"]);
    return { change: "update" };
  }
  if (before.state !== "refused") return unanswered(before, wanted, context);
  if (await (await request()).isHeld(wanted)) return { change: "none" };
  await guard.planClearing(id);
  // Removed from the state before it is created again: a kill in between then leaves a trace.
  const wayOut = refusedWayOut(answered(before, wanted));
  reportLines(context, id, [`is created: qBook refused it before, so nothing is there; ${wayOut}`]);
  return { change: "replace", because: [CREATED_AGAIN], deleteFirst: true };
}

/**
 * A refresh reports what it finds, and does not fail; the next preview asks. Once a deployment has begun, the
 * update asks: see the guard.
 */
function unanswered(before: SavedArticle, wanted: PlannedArticle, context: ProviderContext): ArticleChange {
  const guard = creationGuard(context);
  const id = articleId(before);
  const problem = question(before, wanted, context);
  if (guard.wasChecked(id)) {
    if (guard.isDeploying()) return { change: "update" };
    throw new LecternError(problem);
  }
  context.report({ severity: "warning", resource: id, message: formatProblem(problem) });
  return { change: before.state === "gone" ? "update" : "none" };
}

/** Whether qBook doesn't have it, or may not have it. */
export const isUnsettled = ({ state }: SavedArticle) =>
  state === "uncertain" || state === "gone" || state === "refused";

/** Whether an ID is asked for that is not the one in use, or no longer there. */
export const wantsOther = (before: SavedArticle, { customId }: Pick<PlannedArticle, "customId">) =>
  customId !== undefined && customId !== before.customId;

/** What to ask, given what has been answered so far. */
export function question(before: SavedArticle, wanted: PlannedArticle, context: ProviderContext): Problem {
  const asked = answered(before, wanted);
  return before.state === "gone" ? goneProblem(asked, context) : uncertainProblem(asked, context);
}

const answered = (before: SavedArticle, { confirmAbsent }: PlannedArticle) => ({
  ...before,
  confirmAbsent: known(confirmAbsent),
});

function reportLines(context: ProviderContext, resource: string, lines: readonly string[]): void {
  for (const message of lines) context.report({ severity: "info", resource, message });
}

const isKnown = <T>(value: T): value is Exclude<T, typeof UNKNOWN> => value !== UNKNOWN;
const known = <T>(value: T): Exclude<T, typeof UNKNOWN> | undefined => (isKnown(value) ? value : undefined);
