import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { LecternError } from "../../components/problem/problem.ts";
import { THROUGH_FREEZE } from "../../stacks/calendar/config.ts";
import { discoverCatalog } from "../../stacks/catalog.ts";
import type { Environment } from "../../stacks/shards/stack-name.ts";
import { policyPacks } from "../pulumi/policy-packs.ts";
import { PulumiProject } from "../pulumi/project.ts";
import { listStacks } from "../stacks/list.ts";
import { type Approval, type ApprovalOptions, approvalsOf, differenceFrom } from "./approval.ts";
import { phaseLine, resultLines, summaryOf } from "./progress.ts";
import { runStacks, type StackResult } from "./run-stacks.ts";
import { type Phase, schedule } from "./schedule.ts";
import { readWaves } from "./waves.ts";

export interface DeployOptions extends ApprovalOptions {
  readonly environment?: Environment;
  readonly jobs: number;
  readonly only?: string;
  readonly catalog: string;
  /** Folders of policies, relative to the project; `lectern` is Lectern's own. */
  readonly policyPack?: readonly string[];
  readonly refresh?: boolean;
  /** Why also what events of the calendar freeze is deployed. */
  readonly throughFreeze?: string;
  readonly json?: boolean;
  /** A file that gets the document of `json` as well. */
  readonly report?: string;
}

/**
 * `lectern deploy`: brings the stacks of this project up, several at a time, each on its own.
 * @returns the exit code: 0 where every stack is deployed
 */
export async function deploy(root: string, options: DeployOptions): Promise<0 | 1> {
  const print = options.json ? () => {} : (line: string) => void process.stdout.write(`${line}\n`);
  try {
    const phases = await phasesOf(root, options);
    const approvals = await approvalsOf(
      options,
      phases.flatMap(({ stacks }) => stacks),
    );
    const begun = Date.now();
    const { jobs, policyPack, refresh = false } = options;
    const throughFreeze = reasonIn(options);
    const held = { policyPacks: policyPacks(policyPack), approvals, throughFreeze };
    const results = await runPhases(root, phases, { ...held, jobs, refresh, print });
    const seconds = (Date.now() - begun) / 1000;
    const ok = results.every(({ state }) => state === "deployed");
    const recorded = throughFreeze === undefined ? {} : { throughFreeze };
    const document = `${JSON.stringify({ ok, seconds, ...recorded, stacks: results }, null, 2)}\n`;
    if (options.report !== undefined) await writeFile(options.report, document);
    if (options.json) process.stdout.write(document);
    print(summaryOf(results, seconds));
    return ok ? 0 : 1;
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

/** Why also what is frozen is deployed. @throws {LecternError} where the reason says nothing */
function reasonIn({ throughFreeze }: DeployOptions): string | undefined {
  if (throughFreeze === undefined || throughFreeze.trim() !== "") return throughFreeze?.trim();
  throw new LecternError({
    code: "usage",
    severity: "error",
    path: "--through-freeze",
    message: "no reason is given",
    remedy: 'Write why, such as --through-freeze "the login is broken": the outputs of the stacks record it',
  });
}

/** @throws {LecternError} where the files of the stacks contradict each other: nothing is deployed then */
async function phasesOf(root: string, { catalog, ...options }: DeployOptions): Promise<Phase[]> {
  const { stacks, problems } = await listStacks(root, catalog);
  if (problems.length > 0) throw new LecternError(problems);
  const folder = join(root, catalog);
  const { clusters } = await discoverCatalog(folder);
  const waves = await readWaves(
    folder,
    clusters.map(({ name }) => name),
  );
  return schedule(stacks, waves, options);
}

interface RunPhasesOptions {
  readonly jobs: number;
  readonly approvals: ReadonlyMap<string, Approval> | undefined;
  readonly policyPacks: readonly string[];
  readonly refresh: boolean;
  readonly throughFreeze: string | undefined;
  readonly print: (line: string) => void;
}

async function runPhases(
  root: string,
  phases: readonly Phase[],
  { jobs, approvals, print, throughFreeze, ...how }: RunPhasesOptions,
): Promise<StackResult[]> {
  const environment = throughFreeze === undefined ? {} : { [THROUGH_FREEZE]: throughFreeze };
  const project = await PulumiProject.open(root, environment);
  const opened = await project.stacks(phases.flatMap(({ stacks }) => stacks));
  const stacks = new Map(opened.map((stack) => [stack.name, stack]));
  const interruption = onInterrupt(() =>
    print("Interrupted: waiting until what runs has ended. Nothing else is started."),
  );
  let shown: Phase | undefined;
  try {
    const results = await runStacks(phases, {
      jobs,
      signal: interruption.signal,
      deploy: async (name) => {
        const stack = stacks.get(name);
        if (!stack) throw new Error(`the stack ${name} was not opened`);
        const approval = approvals?.get(name);
        const news = approval ? differenceFrom(approval, await stack.previewDocument()) : [];
        if (news.length > 0 || interruption.signal.aborted)
          return { ok: false, changes: {}, errors: news, warnings: [], live: [] };
        const { ok, changes, errors, warnings, live } = await stack.up(interruption.forwarded, how);
        return { ok, changes, errors, warnings, live };
      },
      onStart: (_, phase) => {
        if (shown !== phase) print(phaseLine(phase));
        shown = phase;
      },
      onEnd: (result) => resultLines(result).forEach(print),
    });
    for (const one of results.filter(({ state }) => state === "not started")) resultLines(one).forEach(print);
    return results;
  } finally {
    interruption.stop();
  }
}

/** What a person's interruption aborts. */
interface Interruption {
  readonly signal: AbortSignal;
  /** Interrupts what runs, where the terminal has not done so: a second interruption would end it at once. */
  readonly forwarded: AbortSignal;
  stop(): void;
}

function onInterrupt(told: () => void): Interruption {
  const [all, forwarded] = [new AbortController(), new AbortController()];
  const interrupt = (byTerminal: boolean) => {
    if (all.signal.aborted) return;
    told();
    all.abort();
    if (!byTerminal) forwarded.abort();
  };
  // Ctrl-C reaches every process of the terminal's foreground group, the engines included.
  const onSigint = () => interrupt(process.stdin.isTTY === true);
  const onSigterm = () => interrupt(false);
  process.on("SIGINT", onSigint).on("SIGTERM", onSigterm);
  return {
    signal: all.signal,
    forwarded: forwarded.signal,
    stop: () => void process.off("SIGINT", onSigint).off("SIGTERM", onSigterm),
  };
}
