import { formatProblem, type Problem } from "../../components/problem/problem.ts";
import type { CommentInput, FailedPreview } from "./comment-input.ts";
import { nameOf, nameOfId } from "./named-thing.ts";
import type { StackView } from "./preview/stack-view.ts";
import { lessonReason, pathsOf, reasonsOf } from "./reasons.ts";
import type { List, Section } from "./text/document.ts";
import { code, inert, inertHtml } from "./text/inert.ts";
import { capital, changesOf, counted, environmentName, signOf } from "./text/wording.ts";

/** A collapsed section for each stack that changes, or whose preview failed. */
export function stackSections(input: CommentInput): Section[] {
  const changing = input.previews.filter(({ ok, things, held }) => !ok || things.length + held.length > 0);
  return [...changing.map((view) => sectionOf(view, input)), ...input.failed.map(failedSection)];
}

function sectionOf(view: StackView, input: CommentInput): Section {
  const { stack, counts, things, errors, ok, environment, digest } = view;
  const same = counts["same"] ?? 0;
  const changes = changesOf([view]) || "no changes";
  const state = ok ? changes : `the preview failed (${changes})`;
  const quiet = same === 0 ? "" : `, ${same} unchanged`;
  const heavy = things.some(({ op }) => op === "delete" || op === "replace" || op === "forget");
  return {
    summary: `<b>${inertHtml(titleOf(view))}</b>: ${state}${quiet}`,
    weight: (ok ? 0 : 4) + (heavy ? 2 : 0) + (environment === "prod" ? 0 : 1),
    items: [
      ...errors.flatMap((error) => errorLines(error)),
      ...things.flatMap((thing) => [
        `- ${listSign(thing)} ${nameOf(thing, input.differences)}`,
        ...thingLines(thing, input).map((line) => `  - ${line}`),
      ]),
      ...(ok ? [`- the plan of stack ${code(stack)}: ${code(digest)}`] : []),
    ],
  };
}

/** A plus sign after the one of the list would begin a list of its own. */
const listSign = (thing: StackView["things"][number]) => signOf(thing).replace("+", "\\+");

function titleOf({ stack, environment, assumesStaging }: StackView): string {
  const name = stack === environment ? capital(environmentName(environment)) : stack;
  return assumesStaging ? `${name}, once staging has passed` : name;
}

function thingLines(thing: Parameters<typeof reasonsOf>[0], input: CommentInput): string[] {
  const lessons = thing.id === undefined ? [] : (input.differences?.notebooks.get(thing.id) ?? []);
  const reasons = reasonsOf(thing, input);
  const more = lessons.slice(3).map(lessonReason);
  const isNamed = reasons.length === 1 && reasons[0] === pathsOf(thing);
  const paths =
    thing.changed.length === 0 || isNamed ? [] : [`changed inputs: ${thing.changed.map(code).join(", ")}`];
  return [...reasons, ...more, ...paths];
}

function failedSection({ stack, failure }: FailedPreview): Section {
  return {
    summary: `<b>${inertHtml(stack)}</b>: the preview failed`,
    weight: 5,
    items: errorLines(failure),
  };
}

const errorLines = (error: string) =>
  error
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line, index) => `${index === 0 ? "- ✗" : "  -"} ${inert(line)}`);

/** What production keeps as it is, each with its reason, and what goes through the gate for a while. */
export function gateLists({ previews, planned, differences }: CommentInput): List[] {
  const ofPlan = (planned?.held ?? []).map(({ cluster, hub, reason }) => ({
    what: `hub/${cluster}/${hub}`,
    reason,
  }));
  const held = [...previews.flatMap((view) => view.held), ...ofPlan].map(
    ({ what, reason }) => `- ⏸ ${heldName(what, differences)}: ${inert(reason)}`,
  );
  const overrides = previews.flatMap((view) =>
    view.overrides.map(
      ({ what, until, why }) => `- ${nameOfId(what, differences)} until **${until}**, ${inert(why)}`,
    ),
  );
  return [
    listOf("**Held: it stays as it is**", held),
    listOf("**Let through the gate by an override**", overrides),
  ];
}

/** `the hub campus/prod`, `kernel python`, `course/bell-states`: as the program calls what it holds. */
function heldName(what: string, catalog: CommentInput["differences"]): string {
  const [, kind, name] = /^(?:the )?(hub|kernel|course|blog)[ /](\S+)$/.exec(what) ?? [];
  return kind === undefined ? inert(what) : nameOfId(`${kind}/${name}`, catalog);
}

const listOf = (title: string, items: readonly string[]): List => ({
  intro: items.length === 0 ? [] : [title, ""],
  items: [...new Set(items)],
  most: 20,
  more: (count) => `- … and ${count} more`,
});

/** What is wrong with the catalog, with file and line. */
export function problemLists({ problems = [] }: CommentInput): List[] {
  const lines = (severity: Problem["severity"]) =>
    problems.filter((one) => one.severity === severity).map(problemLine);
  return [listOf("**Problems of the catalog**", lines("error"))];
}

function problemLine({ file, line, column, ...problem }: Problem): string {
  const place = [file, line, column].filter((part) => part !== undefined).join(":");
  const sign = problem.severity === "error" ? "✗" : "!";
  return `- ${sign} ${place === "" ? "" : `${code(place)} `}${inert(formatProblem(problem))}`;
}

/** What only warns: of the previews, each once, and of the catalog. */
export function warningSection({ previews, problems = [] }: CommentInput): Section[] {
  const all = [
    ...new Set(previews.flatMap(({ warnings }) => warnings)).values().map((text) => `- ! ${inert(text)}`),
    ...problems.filter(({ severity }) => severity === "warning").map(problemLine),
  ];
  return all.length === 0 ? [] : [{ summary: `<b>${counted(all.length, "warning")}</b>`, items: all }];
}

/** Files that changed and are no input of anything. */
export function untrackedSection({ planned }: CommentInput): Section[] {
  const files = planned?.untracked ?? [];
  if (files.length === 0) return [];
  const verb = files.length === 1 ? "is no input" : "are no input";
  return [
    {
      summary: `${counted(files.length, "changed file")} ${verb} of anything`,
      weight: -1,
      items: files.map((file) => `- ${code(file)}`),
    },
  ];
}
