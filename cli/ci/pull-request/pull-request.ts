import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { LecternError } from "../../../components/problem/problem.ts";
import { systemClock } from "../../../components/resource/context/clock.ts";
import type { DeploymentPlan } from "../../../plan/deployment/deployment-plan.ts";
import { ENVIRONMENTS, environmentOf, isEnvironment } from "../../../stacks/shards/stack-name.ts";
import { commandData } from "../../comment/annotations.ts";
import { readProblems } from "../../comment/read-input.ts";
import { readPlan } from "../../plan/read-plan.ts";
import { setOutputs } from "../job-output.ts";
import { type ActionsApi, actionsApi } from "./actions-api.ts";
import { readArtifact } from "./artifact.ts";
import { type Decision, decide } from "./decide.ts";
import { type Subject, subjectOf } from "./event.ts";
import { findPull, planRun } from "./find.ts";

export interface PullRequestOptions {
  readonly event: string;
  readonly artifact: string;
  readonly output: string;
}

/**
 * `lectern ci pull-request`: finds the pull request that a run is about, reads the plan that its own, unprivileged run has
 * left, and decides whether it is previewed with credentials.
 * @returns the exit code: 0 also where there is no pull request, which the outputs say
 */
export async function findPullRequest(
  options: PullRequestOptions,
  network = { fetch, clock: systemClock },
): Promise<0 | 1> {
  try {
    const subject = subjectOf(await readFile(options.event, "utf8"), options.event);
    const api = actionsApi(network, process.env);
    const found = await findPull(api, subject);
    if ("none" in found) {
      print(`Nothing to comment on: ${found.none}.`);
      return 0;
    }
    const { pull } = found;
    const { number } = pull;
    const files = await api.files(subject.repository, number);
    const fork = pull.head.repo?.full_name !== subject.repository;
    const decision = decide({ asked: "number" in subject.from, fork, files });
    await mkdir(options.output, { recursive: true });
    if (!decision.preview) await writeJson(join(options.output, "not-previewed.json"), decision);
    const plan = await leftBehind(api, { subject, run: await planRun(api, subject, pull), ...options });
    const stacks = stacksToPreview(plan);
    await setOutputs({ number: String(number), commit: subject.commit, ...outputsOf(decision, stacks) });
    print(`Pull request ${number} at ${subject.commit.slice(0, 12)}: ${described(decision)}.`);
    return 0;
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    process.stderr.write(`error: ${error.message}\n`);
    return 1;
  }
}

const print = (line: string) => void process.stdout.write(`${line}\n`);

const writeJson = (file: string, value: unknown) => writeFile(file, `${JSON.stringify(value, null, 2)}\n`);

interface Left extends PullRequestOptions {
  readonly subject: Subject;
  readonly run: number | undefined;
}

/** Each file that may be in the artifact, with what reads it where the comment is composed. */
const FILES = new Map<string, (file: string) => Promise<unknown>>([
  ["plan.json", readPlan],
  ["problems.json", readProblems],
]);

/**
 * Writes the files that the run has left, as far as they are what they should be. It was a run of anybody's code: that one is
 * missing or wrong is a warning, and the comment goes without it.
 */
async function leftBehind(
  api: ActionsApi,
  { subject: { repository }, run, artifact: name, output }: Left,
): Promise<DeploymentPlan | undefined> {
  try {
    if (run === undefined) return undefined;
    const texts = await readArtifact(api, { repository, run, name }, [...FILES.keys()]);
    for (const [file, text] of texts) await keepIfValid(join(output, file), text, FILES.get(file));
    return texts.has("plan.json") ? await readPlan(join(output, "plan.json")) : undefined;
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    print(`::warning::${commandData(error.message)}`);
    return undefined;
  }
}

async function keepIfValid(
  file: string,
  text: string,
  read?: (file: string) => Promise<unknown>,
): Promise<void> {
  await writeFile(file, text);
  try {
    await read?.(file);
  } catch (error) {
    await rm(file);
    throw error;
  }
}

/** A name that is one in a shell, a file and an environment of GitHub, too. */
const STACK = /^[a-z]+(-[a-z0-9-]{1,80})?$/;

/** The stacks that are worth a preview; undefined where that is not known, and all of them are. */
const stacksToPreview = (plan: DeploymentPlan | undefined): string[] | undefined =>
  plan &&
  [...plan.stacks.staging, ...plan.stacks.prod]
    .map(({ stack }) => stack)
    .filter((stack) => STACK.test(stack) && isEnvironment(environmentOf(stack)));

function outputsOf(decision: Decision, stacks: readonly string[] | undefined): Record<string, string> {
  const environments = ENVIRONMENTS.filter(
    (one) => stacks === undefined || stacks.some((stack) => environmentOf(stack) === one),
  );
  return {
    preview: String(decision.preview && environments.length > 0),
    program: decision.preview ? decision.program : "base",
    environments: JSON.stringify(environments),
    stacks: JSON.stringify(stacks ?? "all"),
  };
}

const described = (decision: Decision) =>
  decision.preview
    ? `previewed with the program of the ${decision.program === "head" ? "pull request" : "base"}`
    : `not previewed with credentials (${decision.why})`;
