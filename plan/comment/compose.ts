import { SHOWN_DIGITS } from "../digest/plan-digest.ts";
import { beforeMerge } from "./before-merge.ts";
import { changeTable } from "./change-table.ts";
import type { CommentInput } from "./comment-input.ts";
import { notebookHolds } from "./notebook-holds.ts";
import { reasonText } from "./reason-text.ts";
import { gateLists, problemLists, stackSections, untrackedSection, warningSection } from "./sections.ts";
import { type Document, fitted, wholeText } from "./text/document.ts";
import { code, inert, link } from "./text/inert.ts";
import { counted, listed } from "./text/wording.ts";
import { isEmpty, verdict } from "./verdict.ts";

/** The first line of the comment: whoever looks for it finds it by this. */
export const MARKER = "<!-- deployment-plan -->";

/** GitHub refuses a comment of more than 65,536 characters. */
const LIMIT = 65_000;

/** The comment on a pull request, and the whole of it where that is longer. */
export function compose(input: CommentInput, limit = LIMIT): { comment: string; whole: string } {
  const document = documentOf(input);
  return { comment: fitted(document, limit), whole: wholeText(document) };
}

function documentOf(input: CommentInput): Document {
  return {
    lead: [MARKER, verdict(input), ...notes(input)],
    lists: [
      beforeMerge(input),
      changeTable(input),
      notebookHolds(input),
      ...gateLists(input),
      ...problemLists(input),
    ],
    sections: [...stackSections(input), ...warningSection(input), ...untrackedSection(input)],
    foot: footOf(input),
  };
}

/** Why there is nothing, or no preview. */
function notes(input: CommentInput): string[] {
  const { credentials, notPreviewed, planned, previews, failed } = input;
  const why = isEmpty(input) ? [emptiness(input)] : [];
  const reason = notPreviewed ?? (credentials ? undefined : { why: "fork" as const, paths: [] });
  const fork = reason === undefined ? [] : [reasonText(reason, input)];
  const missing =
    reason === undefined && planned && previews.length + failed.length === 0 && !isEmpty(input)
      ? ["No stack was previewed: the plan is made of the changed files alone."]
      : [];
  return [...why, ...fork, ...missing].flatMap((text) => ["", text]);
}

function emptiness({ planned, previews }: CommentInput): string {
  const untracked = planned?.untracked ?? [];
  if (untracked.length > 0) {
    const verb = untracked.length === 1 ? "is no input" : "are no input";
    return `${listed(untracked.map(code), 5)} ${verb} of anything.`;
  }
  if (previews.length > 0) return "The previews found no difference to what is deployed.";
  return "No changed file is an input of anything.";
}

/** Digests are listed where they are few: each stack's section has its own. */
const MOST_DIGESTS = 6;

function footOf({ previews, problems, commit, links }: CommentInput): string[] {
  const same = previews.reduce((sum, { counts }) => sum + (counts["same"] ?? 0), 0);
  const quiet = previews.filter(
    ({ ok, things, held, proofs }) => ok && things.length + held.length + proofs.length === 0,
  ).length;
  const digests = previews.filter(({ ok }) => ok).map(({ stack, digest }) => ({ stack, digest }));
  const shown = digests
    .slice(0, MOST_DIGESTS)
    .map(({ stack, digest }) => `${inert(stack)} ${code(digest.slice(0, SHOWN_DIGITS))}`);
  const errors = problems?.some(({ severity }) => severity === "error");
  const where = [link("whole plan", links.artifact), link("run", links.run)].filter(
    (_, index) => [links.artifact, links.run][index] !== undefined,
  );
  return [
    [
      ...(same === 0 ? [] : [`${counted(same, "thing")} unchanged in ${counted(previews.length, "stack")}`]),
      ...(quiet === 0 ? [] : [`${counted(quiet, "stack")} without changes`]),
      ...(problems === undefined || errors ? [] : ["catalog valid"]),
      ...(shown.length === 0
        ? []
        : [`plan ${shown.join(", ")}${digests.length > MOST_DIGESTS ? ", …" : ""}`]),
      ...(commit === undefined ? [] : [`at ${code(commit.slice(0, 7))}`]),
      ...where,
    ].join(" · "),
  ];
}
