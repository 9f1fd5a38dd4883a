import type { CommentInput } from "./comment-input.ts";
import { nameOf, nameOfId } from "./named-thing.ts";
import { jobsOf } from "./planned-jobs.ts";
import type { ChangedThing } from "./preview/stack-view.ts";
import { reasonsOf } from "./reasons.ts";
import type { List } from "./text/document.ts";
import { inert } from "./text/inert.ts";
import { environmentName, shortened, signOf } from "./text/wording.ts";

const HEAD = ["| | What | Why | Where |", "|---|---|---|---|"];

/** What changes, one row each; where nothing was previewed, what the planner makes of the changed files. */
export function changeTable(input: CommentInput): List {
  const rows = input.previews.length > 0 ? previewRows(input) : plannedRows(input);
  return {
    intro: rows.length === 0 ? [] : HEAD,
    items: rows.map((cells) => `| ${cells.join(" | ")} |`),
    most: 40,
    more: (count) => `| | … and ${count} more | below, and in the whole plan | |`,
  };
}

/** A restart is told before the table, with what it ends. */
const isOwnRow = ({ label }: ChangedThing) => !label.startsWith("GatewayRestart ");

/**
 * The rows of what is deployed first. Production is a section of its own, as it repeats them, unless it is all
 * there is; what it alone has is a row, too.
 */
function previewRows(input: CommentInput): string[][] {
  const first = input.previews.filter(({ environment }) => environment !== "prod");
  const proven = new Set(first.flatMap(({ things }) => things.map(provenBy)));
  return input.previews.flatMap(({ environment, things }) =>
    things
      .filter(isOwnRow)
      .filter((thing) => environment !== "prod" || !proven.has(provenBy(thing)))
      .map((thing) => [
        signOf(thing),
        nameOf(thing, input.differences),
        inCell(reasonsOf({ ...thing, details: changesIn(thing) }, input)),
        inert(environmentName(environment)),
      ]),
  );
}

/** What its users notice is told before the table. */
const changesIn = ({ details, effects }: ChangedThing) =>
  details.filter((text) => !effects.some((effect) => text.includes(effect.text)));

const MOST_REASONS = 4;

/** The first reasons; the stack's section has all of them. */
const inCell = (reasons: readonly string[]) =>
  [
    ...reasons.slice(0, MOST_REASONS),
    ...(reasons.length > MOST_REASONS ? [`${reasons.length - MOST_REASONS} more`] : []),
  ].join(" · ");

/** What a thing and its twin in the other environment have in common; hubs of a cluster stand for each other. */
const provenBy = ({ id, label }: ChangedThing) =>
  id?.startsWith("hub/") ? id.split("/").slice(0, 2).join("/") : label;

function plannedRows({ planned, differences }: CommentInput): string[][] {
  if (!planned) return [];
  return jobsOf(planned).map(({ id, where, reasons }) => {
    const place = where === "both" ? "staging, then production" : where;
    return [
      "~",
      nameOfId(id, differences),
      inCell(reasons.map((reason) => inert(shortened(reason, 200)))),
      place,
    ];
  });
}
