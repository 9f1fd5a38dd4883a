import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { styleText } from "node:util";
import { LecternError } from "../components/problem/problem.ts";
import { readSettings, readStackFile } from "./configuration.ts";
import { kubernetesAdapter } from "./engine/kubernetes.ts";
import type { EngineEvent, Operation, RunResult } from "./engine/run.ts";
import { untilInterrupted } from "./interrupt.ts";
import type { SandboxOptions } from "./options.ts";
import { type Services, startServices } from "./services.ts";
import { jsonReport } from "./view/json.ts";
import { liveView } from "./view/live.ts";
import { reportLines, resultLines } from "./view/report.ts";

const PROJECT_ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** Does what was asked for. @returns the exit code: 0 ok, 1 failed */
export async function sandbox(options: SandboxOptions): Promise<number> {
  const folder = resolve(options.state);
  if (options.command === "reset") return reset(folder, options);
  await makeFolder(folder, options.state);
  const catalog = options.catalog ? resolve(options.catalog) : join(PROJECT_ROOT, "catalog");
  const services = await startServices(folder, catalog, options);
  const interrupt = untilInterrupted();
  try {
    return await act(folder, services, interrupt, options);
  } finally {
    interrupt.stop();
    await services.stop();
  }
}

async function makeFolder(folder: string, given: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw new LecternError({
      code: "usage",
      severity: "error",
      path: "--state",
      message: `${given} can't be made a folder: ${error instanceof Error ? error.message : String(error)}`,
      remedy: "Name a folder that is there or can be made",
    });
  }
}

type Interrupt = ReturnType<typeof untilInterrupted>;

/** One operation and what came of it. */
interface Run {
  readonly operation: Operation;
  readonly result: RunResult;
  readonly progress: readonly string[];
}

async function act(
  folder: string,
  services: Services,
  interrupt: Interrupt,
  options: SandboxOptions,
): Promise<number> {
  const say = sayer(options);
  if (options.command === "serve") return serve(services, interrupt, say);
  const run = (operation: Operation) => runOnce(operation, folder, services, interrupt, options);
  if (options.command !== "try") {
    const operation = options.command as Operation; // "reset" never comes here
    const code = conclude(await run(operation), options);
    if (code === 0 && operation === "up" && !options.json && !options.api) say(HOW_TO_OPEN);
    return code;
  }
  say(`${styleText("bold", "Lectern sandbox")}: stand-in services on this machine; nothing leaves it.`);
  for (const line of services.descriptions) say(styleText("dim", `  ${line}`));
  const planned = conclude(await run("preview"), options);
  if (planned !== 0 || interrupt.signal.aborted) return planned;
  if (!options.json) say(`\n${styleText("bold", "Deploying")}`);
  const code = conclude(await run("up"), options);
  if (code !== 0 || interrupt.signal.aborted || options.json) return code;
  if (options.serve === false || !process.stdout.isTTY) {
    say(HOW_TO_OPEN);
    say(
      `Edit a notebook in ${options.catalog ?? "catalog/"} and run the sandbox again: one update, nothing else.`,
    );
    return code;
  }
  return serve(services, interrupt, say);
}

const HOW_TO_OPEN = `\nTo open the links: ${styleText("bold", "npm run sandbox -- serve")}`;

async function runOnce(
  operation: Operation,
  folder: string,
  services: Services,
  interrupt: Interrupt,
  options: SandboxOptions,
): Promise<Run> {
  const { runStack } = await import("./engine/engine.ts");
  const view = options.json ? undefined : liveView(operation, process.stdout);
  const progress: string[] = [];
  const onEvent = (event: EngineEvent) => {
    if (event.type === "step-progress") progress.push(event.message);
    view?.onEvent(event);
  };
  try {
    const result = await runStack({
      operation,
      projectRoot: PROJECT_ROOT,
      project: "lectern",
      stack: options.stack,
      config: {
        ...(await readStackFile(PROJECT_ROOT, options.stack)),
        ...SANDBOX_SETTINGS,
        ...services.config,
        ...readSettings(options.config),
        ...(options.catalog ? { "lectern:catalog": resolve(options.catalog) } : {}),
      },
      secretKeys: services.secretKeys,
      adapters: {
        kubernetes: async () => kubernetesAdapter(join(folder, "state/rendered", options.stack)),
        ...services.adapters,
      },
      stateFolder: join(folder, "state"),
      parallel: options.parallel,
      continueOnError: options.continueOnError ?? false,
      targets: options.target,
      signal: interrupt.signal,
      killSignal: interrupt.killSignal,
      onEvent,
    });
    return { result, operation, progress };
  } finally {
    view?.end();
  }
}

/** What holds for every stack that is tried here: the stand-ins read folders, are quick, and set no limit. */
const SANDBOX_SETTINGS = {
  "lectern:source": "folder",
  "lectern:pollInterval": "100",
  "lectern:requestLimit": "1000000",
};

function conclude({ result, operation, progress }: Run, options: SandboxOptions): number {
  const unexpected = options.expectNoChanges === true && changes(result) > 0;
  if (options.json) {
    // Of `try`, the deployment is the document; a plan that fails is one too.
    if (options.command !== "try" || operation !== "preview" || !result.ok) {
      process.stdout.write(`${JSON.stringify(jsonReport(result, operation, progress), null, 2)}\n`);
    }
  } else {
    const lines = operation === "preview" ? reportLines(result) : resultLines(result, operation);
    process.stdout.write(`${lines.join("\n")}\n`);
    if (unexpected) process.stderr.write(`Changes were not expected, and there are ${changes(result)}.\n`);
  }
  return result.ok && !unexpected ? 0 : 1;
}

function changes(result: RunResult): number {
  const { create = 0, update = 0, replace = 0, delete: removed = 0 } = result.summary;
  return create + update + replace + removed;
}

async function serve(services: Services, interrupt: Interrupt, say: (line: string) => void): Promise<number> {
  say(`\nThe services are running, so the links open. ${styleText("bold", "Ctrl-C")} ends them.`);
  for (const line of services.descriptions) say(styleText("dim", `  ${line}`));
  await interrupt.interrupted;
  return 0;
}

/** Removes what the sandbox made, and only from a folder that it made. */
async function reset(folder: string, options: SandboxOptions): Promise<number> {
  const own = ["state", "qbook", "registry", "gateway", "gateway-staging", "gateway-prod"].map((name) =>
    join(folder, name),
  );
  const found = own.filter((path) => existsSync(path));
  if (found.length === 0 && existsSync(folder) && options.state !== ".lectern") {
    throw new LecternError({
      code: "not-a-state-folder",
      severity: "error",
      path: "--state",
      message: `${folder} holds no sandbox`,
      remedy: "Name the folder that the sandbox was run with",
    });
  }
  for (const path of own) await rm(path, { recursive: true, force: true });
  sayer(options)(found.length === 0 ? "There was nothing to forget." : `Forgot ${folder}.`);
  return 0;
}

const sayer = (options: SandboxOptions) => (line: string) => {
  if (!options.json) process.stdout.write(`${line}\n`);
};
