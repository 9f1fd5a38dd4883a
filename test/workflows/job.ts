import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";

const WORKFLOWS = resolve(import.meta.dirname, "../../.github/workflows");

interface Step {
  readonly name?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** How a step ended. */
export interface Ran {
  readonly code: number | null;
  readonly printed: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

/** Where a step runs, and what it is given. */
export interface Place {
  /** The checkout. */
  readonly folder: string;
  /** Where the files are that a runner gives each step. */
  readonly runner: string;
  /** What the expressions of the step's `env` have: `{"inputs.number": "12"}`. */
  readonly context?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * Runs a step of a workflow as its file has it, as GitHub's runner does: its script in bash, its `env` filled in, and files for outputs
 * and the summary. What only GitHub can do, such as an action, is for a test to stand in for.
 */
export async function runStep(file: string, job: string, name: string, place: Place): Promise<Ran> {
  const workflow = parse(readFileSync(join(WORKFLOWS, file), "utf8"));
  const steps: Step[] = workflow.jobs[job].steps;
  const step = steps.find((one) => one.name === name);
  if (!step?.run) throw new Error(`${file} has no step ${name} in ${job}`);
  mkdirSync(place.runner, { recursive: true });
  const files = {
    GITHUB_OUTPUT: join(place.runner, "output"),
    GITHUB_STEP_SUMMARY: join(place.runner, "summary"),
  };
  for (const path of Object.values(files)) writeFileSync(path, "");
  const own = Object.entries(step.env ?? {}).map(([key, value]) => [key, filled(value, place.context ?? {})]);
  const env = { ...clean(process.env), ...files, ...place.environment, ...Object.fromEntries(own) };
  const { code, printed } = await bash(step.run, place.folder, env);
  const lines = readFileSync(files.GITHUB_OUTPUT, "utf8")
    .split("\n")
    .filter((line) => line !== "");
  const outputs = Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2)));
  return { code, printed, outputs, summary: readFileSync(files.GITHUB_STEP_SUMMARY, "utf8") };
}

const filled = (value: string, context: Readonly<Record<string, string>>) =>
  value.replaceAll(/\$\{\{ *(.*?) *\}\}/g, (_, expression: string) => {
    const found = context[expression];
    if (found === undefined) throw new Error(`the test gives no value to ${expression}`);
    return found;
  });

/** Without what npm and GitHub set for the tests themselves. */
const clean = (environment: NodeJS.ProcessEnv) =>
  Object.fromEntries(
    Object.entries(environment).filter(
      ([name]) => !/^(npm_|GITHUB_|GH_|INIT_CWD$|NODE_OPTIONS$|GIT_)/.test(name),
    ),
  );

function bash(
  script: string,
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<{ code: number | null; printed: string }> {
  return new Promise((settle, fail) => {
    const args = ["--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script];
    const child = spawn("bash", args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    let printed = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        printed += text;
      });
    }
    child.on("error", fail);
    child.on("close", (code) => settle({ code, printed }));
  });
}
