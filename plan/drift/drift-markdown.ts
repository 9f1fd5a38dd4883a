import { nameOf } from "../comment/named-thing.ts";
import { type Document, fitted, type List, type Section, wholeText } from "../comment/text/document.ts";
import { code, inert, inertHtml, link } from "../comment/text/inert.ts";
import { counted, shortened } from "../comment/text/wording.ts";
import { idOfLabel } from "../label.ts";
import { type Difference, type Fate, type StackDrift, summaryOf } from "./drift.ts";

/** GitHub refuses an issue of more than 65,536 characters. */
const LIMIT = 65_000;

/** What belongs to the text beside the stacks. */
export interface DriftTextOptions {
  /** The first line, by which the issue is found. */
  readonly marker?: string;
  /** The workflow run, for a link. */
  readonly run?: string | undefined;
}

/** What was found, as Markdown. */
export const driftMarkdown = (stacks: readonly StackDrift[], options: DriftTextOptions = {}): string =>
  wholeText(documentOf(stacks, options));

/** The same in a size that an issue can have. */
export const driftIssue = (stacks: readonly StackDrift[], options: DriftTextOptions, limit = LIMIT): string =>
  fitted(documentOf(stacks, options), limit);

function documentOf(stacks: readonly StackDrift[], { marker, run }: DriftTextOptions): Document {
  const differences = stacks.flatMap(({ stack, differences }) =>
    differences.map((one) => ({ ...one, stack })),
  );
  const of = (fate: Fate) => differences.filter((one) => one.fate === fate);
  const isOpen = differences.some(({ fate }) => fate !== "accepted");
  return {
    lead: [
      ...(marker === undefined ? [] : [marker]),
      `### Drift: ${summaryOf(stacks)}`,
      ...(isOpen ? ["", WHAT_TO_DO] : []),
    ],
    lists: [
      differenceTable("**The next deployment puts this back**", of("undone")),
      differenceTable("**`lectern deploy --refresh` puts this back**", of("refresh")),
      differenceTable("**Held: this stays until the gate lets its thing through**", of("held")),
      failedList(stacks),
    ],
    sections: acceptedSection(of("accepted")),
    foot: footOf(stacks, run),
  };
}

const WHAT_TO_DO =
  "Something was changed outside the repository. Keep a change by making it in the repository, or, of a hub, with `accept` in `cluster.yaml`.";

type OfStack = Difference & { readonly stack: string };

const HEAD = ["| What | Difference | By | When | Stack |", "|---|---|---|---|---|"];

const differenceTable = (title: string, differences: readonly OfStack[]): List => ({
  intro: differences.length === 0 ? [] : [title, "", ...HEAD],
  items: differences.map((one) => `| ${cellsOf(one).join(" | ")} |`),
  most: 100,
  more: (count) => `| … and ${count} more | the run has all of them | | | |`,
});

function cellsOf(difference: OfStack): string[] {
  const { manager, time, stack } = difference;
  return [
    named(difference),
    described(difference),
    manager === undefined ? "" : code(shortened(manager, 80)),
    time === undefined ? "" : inert(shortened(time, 40)),
    inert(stack),
  ];
}

const named = ({ thing }: Difference) => nameOf({ id: idOfLabel(thing), label: thing });

function described({ change, object, field, detail }: Difference): string {
  if (detail !== undefined) return inert(shortened(detail, 300));
  const what = object === undefined ? "" : inert(shortened(object, 200));
  if (change === "gone") return what === "" ? "**is gone**" : `${what} **is gone**`;
  const where = field === undefined ? "" : code(shortened(field, 300));
  return `${[what, where].filter((part) => part !== "").join(": ")} was ${change}`;
}

const MOST_ERRORS = 20;

const failedList = (stacks: readonly StackDrift[]): List => ({
  intro: stacks.some(({ state }) => state === "failed")
    ? ["**Could not be looked at: what was found there before may still be there**", ""]
    : [],
  items: stacks
    .filter(({ state }) => state === "failed")
    .map(
      ({ stack, errors }) =>
        `- ${code(stack)}: ${inert(shortened(errors.join(" "), 500)) || "the preview failed"}`,
    ),
  most: MOST_ERRORS,
  more: (count) => `- … and ${counted(count, "more stack")}`,
});

function acceptedSection(differences: readonly OfStack[]): Section[] {
  if (differences.length === 0) return [];
  return [
    {
      summary: `<b>Accepted</b>: ${inertHtml(counted(differences.length, "difference"))}`,
      items: differences.map(
        (one) =>
          `- ${named(one)} ${described(one)}${one.reason ? `: ${inert(shortened(one.reason, 300))}` : ""}`,
      ),
    },
  ];
}

function footOf(stacks: readonly StackDrift[], run: string | undefined): string[] {
  const clean = stacks.filter(({ state }) => state === "clean").length;
  return [
    [
      `looked at ${counted(stacks.length, "stack")}`,
      ...(clean === 0 ? [] : [`${clean} as deployed`]),
      ...(run === undefined ? [] : [link("run", run)]),
    ].join(" · "),
  ];
}
