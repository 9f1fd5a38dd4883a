import { fitted, type List } from "../comment/text/document.ts";
import { inert } from "../comment/text/inert.ts";
import { counted, shortened } from "../comment/text/wording.ts";
import { openOf } from "../drift/drift.ts";
import { whatIsFound } from "./found-text.ts";
import { heldByNotebooks, overrideHint, placeText, whyText } from "./held-by-notebook.ts";
import type { DeployedMap, MapStack } from "./map-file.ts";
import { stacksInOrder } from "./matrix.ts";
import { countStates, type MapRow, nameOf, rowsOf } from "./rows.ts";
import { driftedText, heldText, KIND_WORDS, overrideText, timeText } from "./words.ts";

/** GitHub shows a summary of a step of up to a megabyte; nobody reads that much. */
const LIMIT = 60_000;

/** The map in short, as Markdown: its stacks, and what needs somebody. The page has all of it. */
export function mapSummary(map: DeployedMap): string {
  const rows = rowsOf(map);
  const counts = countStates(rows);
  const parts = [counted(rows.length, "thing"), `${counts.held} held`, driftedText(map, counts.drifted)];
  return fitted(
    {
      lead: [`### Deployed: ${parts.join(" · ")}`],
      lists: [stackTable(stacksInOrder(map)), notebookHolds(map), attention(rows)],
      sections: [],
      foot: [`As of ${timeText(map.made)}`],
    },
    LIMIT,
  );
}

const stackTable = (stacks: readonly MapStack[]): List => ({
  intro: ["| Stack | Things | Last deployed | Drift |", "|---|---|---|---|"],
  items: stacks.map((stack) => `| ${cellsOf(stack).join(" | ")} |`),
  most: 100,
  more: (count) => `| … and ${count} more | | | |`,
});

function cellsOf({ stack, outputs, failure, drift }: MapStack): string[] {
  const isUnread = failure !== undefined && failure.at > (outputs?.read ?? "");
  return [
    inert(shortened(stack, 100)),
    isUnread
      ? `could not be read: ${inert(shortened(failure.message, 200))}`
      : `${outputs?.things.length ?? 0}`,
    outputs?.deployed === undefined ? "unknown" : timeText(outputs.deployed),
    drift === undefined ? "not looked for" : `${DRIFT[drift.state]} at ${timeText(drift.at)}`,
  ];
}

const DRIFT = { clean: "none", drift: "**found**", failed: "could not be looked at" } as const;

function notebookHolds(map: DeployedMap): List {
  const items = heldByNotebooks(map).map((one) => {
    const { stack, kind, name, failure } = one;
    const why = inert(shortened(whyText(failure), 300));
    return `- ${KIND_WORDS[kind].one} **${inert(shortened(name, 120))}** (${inert(stack)}): ${inert(placeText(failure))}: ${why}. ${overrideHint(one)}`;
  });
  return {
    intro: items.length === 0 ? [] : ["**Held by a notebook**", ""],
    items,
    most: 20,
    more: (count) => `- … and ${count} more, which the page has`,
  };
}

function attention(rows: readonly MapRow[]): List {
  const items = rows.flatMap((row) => notesOf(row).map((note) => `- ${named(row)} ${note}`));
  return {
    intro: items.length === 0 ? [] : ["**Not as the catalog has it**", ""],
    items,
    most: 50,
    more: (count) => `- … and ${count} more, which the page has`,
  };
}

const named = ({ stack, thing }: MapRow) =>
  `${KIND_WORDS[thing.kind].one} **${inert(shortened(nameOf(thing), 120))}** (${inert(stack)})`;

function notesOf({ thing, differences }: MapRow): string[] {
  const note = (said: string, why: string) => `${said}: ${inert(shortened(why, 300))}`;
  return [
    ...(thing.held ? [note("is held", heldText(thing.held))] : []),
    ...(thing.override ? [note("went through the gate", overrideText(thing.override))] : []),
    ...openOf(differences).map((one) => note("drifted", whatIsFound(one))),
    ...(thing.healthy === false ? ["is not healthy"] : []),
  ];
}
