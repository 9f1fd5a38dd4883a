import { appendFile, writeFile } from "node:fs/promises";
import pLimit from "p-limit";
import { LecternError } from "../../components/problem/problem.ts";
import { systemClock } from "../../components/resource/context/clock.ts";
import { openOf, type StackDrift } from "../../plan/drift/drift.ts";
import { driftMarkdown } from "../../plan/drift/drift-markdown.ts";
import { lastLine, stackLines } from "../../plan/drift/drift-table.ts";
import type { Environment } from "../../stacks/shards/stack-name.ts";
import { schedule } from "../deploy/schedule.ts";
import { PulumiProject } from "../pulumi/project.ts";
import { listStacks } from "../stacks/list.ts";
import { issueTarget, wantedIssue } from "./issue/drift-issue.ts";
import { issuesOf } from "./issue/issues-api.ts";
import { type KeptIssue, keepIssue } from "./issue/keep-issue.ts";
import { lookAt } from "./look-at.ts";

export interface DriftOptions {
  readonly environment?: Environment;
  readonly jobs: number;
  readonly only?: string;
  readonly catalog: string;
  readonly format: "table" | "markdown" | "json";
  readonly summary?: string;
  /** A file that gets the document of the format json as well. */
  readonly report?: string;
  readonly issue?: boolean;
  readonly repository?: string;
  readonly author?: string;
  readonly runUrl?: string;
}

/** Somebody changed something. */
const DRIFT = 3;

/**
 * `lectern drift`: finds what was changed outside the repository, and changes nothing itself.
 * @returns the exit code: 1 where a stack could not be looked at, 3 where something differs
 */
export async function drift(root: string, options: DriftOptions): Promise<0 | 1 | typeof DRIFT> {
  try {
    // What is missing to write the issue is reported before anything is looked at.
    const target = options.issue ? issueTarget(options) : undefined;
    const issues = target && issuesOf({ fetch, clock: systemClock }, process.env);
    const begun = Date.now();
    const stacks = await lookAtAll(root, options);
    const seconds = (Date.now() - begun) / 1000;
    const { format, runUrl: run, summary } = options;
    if (summary !== undefined) await appendFile(summary, driftMarkdown(stacks, { run }));
    if (format === "markdown") process.stdout.write(driftMarkdown(stacks, { run }));
    if (format === "table") process.stdout.write(`${lastLine(stacks)}\n`);
    const ok = stacks.every(({ state }) => state !== "failed");
    const differs = stacks.some(({ differences }) => openOf(differences).length > 0);
    const report = { ok, drift: differs, begun: new Date(begun).toISOString(), seconds, stacks };
    if (options.report !== undefined) await writeFile(options.report, documentOf(report));
    try {
      const kept = target && issues && (await keepIssue(issues, target, wantedIssue(stacks, target, run)));
      print(options, report, kept);
    } catch (error) {
      // What was found is reported all the same.
      print(options, report, undefined);
      throw error;
    }
    return ok ? (differs ? DRIFT : 0) : 1;
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

async function lookAtAll(root: string, options: DriftOptions): Promise<StackDrift[]> {
  const { stacks, problems } = await listStacks(root, options.catalog);
  if (problems.length > 0) throw new LecternError(problems);
  const wanted = schedule(stacks, undefined, options).flatMap(({ environment, stacks }) =>
    stacks.map((stack) => ({ stack, environment })),
  );
  const print =
    options.format === "table" ? (line: string) => void process.stdout.write(`${line}\n`) : () => {};
  print(`Looking at ${wanted.map(({ stack }) => stack).join(", ")}`);
  const project = await PulumiProject.open(root);
  const [limit, inTurn] = [pLimit(options.jobs), pLimit(1)];
  // While a stack is opened, it is the one that is selected.
  const open = (name: string) =>
    inTurn(async () => {
      const [stack] = await project.stacks([name]);
      if (!stack) throw new Error(`the stack ${name} was not opened`);
      return stack;
    });
  return Promise.all(
    wanted.map((one) =>
      limit(async () => {
        const found = await lookAt(open, one);
        stackLines(found).forEach(print);
        return found;
      }),
    ),
  );
}

function print({ format, issue }: DriftOptions, report: object, kept: KeptIssue | undefined): void {
  if (format === "json") {
    const told = issue ? { ...report, issue: kept ?? null } : report;
    process.stdout.write(documentOf(told));
  } else if (kept) process.stderr.write(`The issue #${kept.number} is ${kept.action}: ${kept.url}\n`);
}

const documentOf = (report: object) => `${JSON.stringify(report, null, 2)}\n`;
