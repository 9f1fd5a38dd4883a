import { randomUUID } from "node:crypto";
import { appendFileSync } from "node:fs";
import { code, inert, link } from "../../../plan/comment/text/inert.ts";
import type { Log } from "./log.ts";

/** What a run has to show. */
export interface Result {
  readonly what: "course" | "blog" | "kernel";
  /** The outputs of the action, of its own type alone. */
  readonly outputs: Readonly<Record<string, string>>;
  /** For people: names and values. */
  readonly rows: readonly (readonly [string, string])[];
  /** Where readers find it. */
  readonly url?: string;
}

/** Appends the outputs to the file that GitHub Actions names; no value can end its block. */
export function writeOutputs({ outputs }: Result, environment: NodeJS.ProcessEnv): void {
  const file = environment["GITHUB_OUTPUT"];
  if (!file) return;
  const blocks = Object.entries(outputs).map(([name, value]) => {
    const end = `end-${randomUUID()}`;
    return `${name}<<${end}\n${value}\n${end}\n`;
  });
  appendFileSync(file, blocks.join(""));
}

/** Appends what became of the run to the job's summary, where names of other people are inert. */
export function writeSummary(result: Result | undefined, log: Log, environment: NodeJS.ProcessEnv): void {
  const file = environment["GITHUB_STEP_SUMMARY"];
  if (file) appendFileSync(file, `${summaryOf(result, log)}\n`);
}

/** The result as Markdown: a table with links, and what a person should know. */
export function summaryOf(
  result: Result | undefined,
  { notes, problems }: Pick<Log, "notes" | "problems">,
): string {
  const lines = problems.flatMap((problem) => problem.split("\n").map((line) => `- ${inert(line)}`));
  if (!result) return ["### Nothing was confirmed as deployed", "", ...lines].join("\n");
  const rows = result.rows.filter(([, value]) => value !== "");
  const address = result.url ? [`| Address | ${link(result.url, result.url)} |`] : [];
  return [
    `### The ${result.what} is deployed`,
    "",
    "| | |",
    "| --- | --- |",
    ...rows.map(([name, value]) => `| ${name} | ${isName(value) ? code(value) : inert(value)} |`),
    ...address,
    "",
    ...notes.map((note) => `- ${inert(note)}`),
  ].join("\n");
}

/** An ID, or an image by its digest: to be copied as it is. Titles are anything. */
const isName = (text: string) => /^\w[\w.:/@-]*$/.test(text);
