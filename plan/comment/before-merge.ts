import { EFFECTS, type Effect } from "../../components/hub/objects/hub-changes.ts";
import type { CommentInput } from "./comment-input.ts";
import { nameOf } from "./named-thing.ts";
import type { ChangedThing, StackView } from "./preview/stack-view.ts";
import type { List } from "./text/document.ts";
import { code, inert } from "./text/inert.ts";
import { environmentName, listed } from "./text/wording.ts";

/** What is told with the hub alone; everything else is told before the table. */
const QUIET: ReadonlySet<Effect["kind"]> = new Set(["servers", "restart", "harmless"]);
const NOTICED = EFFECTS.filter((kind) => !QUIET.has(kind));

/** What somebody must know before merging: deletions, replacements, ended kernels, restarts of hubs. */
export function beforeMerge({ previews, differences }: CommentInput): List {
  const named = (thing: ChangedThing) => nameOf(thing, differences);
  const items = [
    ...grouped(previews, (view) =>
      view.things.flatMap((thing) => {
        const text = lossOf(thing);
        return text === undefined ? [] : [{ subject: named(thing), text }];
      }),
    ),
    ...previews.flatMap((view) => view.restarts.map((restart) => restartLine(view, restart))),
    ...NOTICED.flatMap((kind) =>
      grouped(previews, (view) =>
        view.things.flatMap((thing) =>
          thing.effects
            .filter((effect) => effect.kind === kind)
            .map(({ text }) => ({ subject: `${named(thing)}:`, text: inert(text) })),
        ),
      ),
    ),
  ];
  return {
    intro: items.length === 0 ? [] : ["> **Before you merge:**"],
    items: items.map((item) => `> - ${item}`),
    most: 20,
    more: (count) => `> - … and ${count} more`,
  };
}

function lossOf({ op, changed }: ChangedThing): string | undefined {
  if (op === "delete") return "**is deleted**";
  if (op === "forget") return "**leaves the catalog**; it stays on qBook, and is no longer deployed";
  if (op !== "replace") return undefined;
  const why = changed.length === 0 ? "" : ` (${listed(changed.map(code), 3)})`;
  return `**is replaced**: it is deleted and created again${why}`;
}

function restartLine(
  { environment }: StackView,
  { gateway, kernels, text }: StackView["restarts"][number],
): string {
  const where = `${environmentName(environment)}: gateway ${code(gateway)} restarts`;
  if (kernels === undefined) return `${where}; ${inert(text.replace(/^is planned; /, ""))}`;
  if (kernels === 0) return `${where}; no kernel runs on it now`;
  return `${where} and would end **${kernels} running ${kernels === 1 ? "kernel" : "kernels"}**`;
}

interface Finding {
  readonly subject: string;
  readonly text: string;
}

/** One line for all that have the same to say in an environment: a hundred hubs may restart for one reason. */
function grouped(views: readonly StackView[], find: (view: StackView) => readonly Finding[]): string[] {
  const groups = new Map<string, { environment: string; text: string; subjects: string[] }>();
  for (const view of views) {
    for (const { subject, text } of find(view)) {
      const key = `${view.environment} ${text}`;
      const group = groups.get(key) ?? { environment: view.environment, text, subjects: [] };
      group.subjects.push(subject);
      groups.set(key, group);
    }
  }
  return [...groups.values()].map(({ environment, text, subjects }) => {
    const where = environmentName(environment);
    return subjects.length === 1
      ? `${where}: ${subjects[0]} ${text}`
      : `${where}: ${text} (${listed(
          subjects.map((one) => one.replace(/:$/, "")),
          5,
        )})`;
  });
}
