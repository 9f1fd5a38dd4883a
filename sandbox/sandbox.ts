import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { styleText } from "node:util";
import { LecternError } from "../components/problem/problem.ts";
import { columnsOf } from "../plan/layout.ts";
import { liveView } from "../plan/live.ts";
import type { Operation, RunEvent, RunReport } from "../plan/model.ts";
import { planLines, resultLines } from "../plan/report.ts";
import { type RawConfig, readSettings, readStackFile } from "./configuration.ts";
import { kubernetesAdapter } from "./engine/provider/kubernetes.ts";
import type { RunOptions, RunResult } from "./engine/run.ts";
import { untilInterrupted } from "./interrupt.ts";
import { DEFAULT_STATE, type SandboxOptions } from "./options.ts";
import { runReport } from "./run-report.ts";
import { type Services, startServices } from "./services.ts";

const PROJECT_ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** Runs one command. @returns the exit code: 0 succeeded, 1 failed */
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
      message: `the folder ${given} can't be created: ${error instanceof Error ? error.message : String(error)}`,
      remedy: "Name a folder that exists or can be created",
    });
  }
}

type Interrupt = ReturnType<typeof untilInterrupted>;

async function act(
  folder: string,
  services: Services,
  interrupt: Interrupt,
  options: SandboxOptions,
): Promise<number> {
  const print = printer(options);
  if (options.command === "serve") return serve(services, interrupt, print);
  const run = (operation: Operation) => runOnce(operation, folder, services, interrupt, options);
  if (options.command !== "try") {
    const operation = options.command as Operation; // "reset" and "serve" never reach this line
    const code = conclude(await run(operation), options);
    if (code === 0 && operation === "up" && !options.json && !options.api) print(HOW_TO_OPEN);
    return code;
  }
  print(`${styleText("bold", "Lectern sandbox")}: stand-in services on this machine; nothing leaves it.`);
  for (const line of services.descriptions) print(styleText("dim", `  ${line}`));
  const planned = conclude(await run("preview"), options);
  if (planned !== 0 || interrupt.signal.aborted) return planned;
  if (!options.json) print(`\n${styleText("bold", "Deploying")}`);
  const code = conclude(await run("up"), options);
  if (code !== 0 || interrupt.signal.aborted || options.json) return code;
  if (options.serve === false || !process.stdout.isTTY) {
    print(HOW_TO_OPEN);
    print(
      `Edit a notebook in ${options.catalog ?? "catalog/"} and run the sandbox again: the plan shows one update.`,
    );
    return code;
  }
  return serve(services, interrupt, print);
}

const HOW_TO_OPEN = `\nTo open the links: ${styleText("bold", "npm run sandbox -- serve")}`;

async function runOnce(
  operation: Operation,
  folder: string,
  services: Services,
  interrupt: Interrupt,
  options: SandboxOptions,
): Promise<RunReport> {
  const run = await engineOf(options);
  const view = options.json ? undefined : liveView(operation, process.stdout);
  const progress: Extract<RunEvent, { type: "step-progress" }>[] = [];
  const onEvent = (event: RunEvent) => {
    if (event.type === "step-progress") progress.push(event);
    view?.onEvent(event);
  };
  try {
    const result = await run({
      operation,
      projectRoot: PROJECT_ROOT,
      project: "lectern",
      stack: options.stack,
      config: await configuration(services, options),
      secretKeys: services.secretKeys,
      adapters: {
        kubernetes: async () => kubernetesAdapter(join(folder, "state/rendered", options.stack)),
        ...services.adapters,
      },
      // Each engine has a state of its own.
      stateFolder: join(folder, options.engine === "pulumi" ? "pulumi" : "state"),
      parallel: options.parallel,
      continueOnError: options.continueOnError ?? false,
      targets: options.target,
      signal: interrupt.signal,
      killSignal: interrupt.killSignal,
      onEvent,
    });
    return runReport(result, operation, progress);
  } finally {
    view?.end();
  }
}

async function engineOf({ engine }: SandboxOptions): Promise<(options: RunOptions) => Promise<RunResult>> {
  if (engine === "pulumi") return (await import("./pulumi/run.ts")).runOnPulumi;
  return (await import("./engine/engine.ts")).runStack;
}

/** Settings of every stack in the sandbox: the stand-ins read folders, are fast, and set no rate limit. */
const SANDBOX_SETTINGS = {
  "lectern:source": "folder",
  "lectern:pollInterval": "100",
  "lectern:settleTime": "0.5",
  "lectern:requestLimit": "1000000",
};

/** The configuration of a run; later settings override earlier ones. */
async function configuration(services: Services, options: SandboxOptions): Promise<RawConfig> {
  return {
    ...(await readStackFile(PROJECT_ROOT, options.stack)),
    ...SANDBOX_SETTINGS,
    ...services.config,
    ...readSettings(options.config),
    ...(options.catalog ? { "lectern:catalog": resolve(options.catalog) } : {}),
  };
}

/** Prints the report. @returns the exit code */
function conclude(report: RunReport, options: SandboxOptions): number {
  const unexpected = options.expectNoChanges === true ? changes(report) : 0;
  if (options.json) {
    // `try` prints one document: its deployment, or its plan where that fails.
    if (options.command !== "try" || report.operation !== "preview" || !report.ok) {
      process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
    }
  } else {
    const columns = columnsOf(process.stdout);
    const lines = report.operation === "preview" ? planLines(report, columns) : resultLines(report, columns);
    process.stdout.write(`${lines.join("\n")}\n`);
    if (unexpected > 0) process.stderr.write(`Expected no changes, but found ${unexpected}.\n`);
  }
  return report.ok && unexpected === 0 ? 0 : 1;
}

function changes({ summary }: RunReport): number {
  const { create = 0, update = 0, replace = 0, delete: deleted = 0 } = summary;
  return create + update + replace + deleted;
}

async function serve(
  services: Services,
  interrupt: Interrupt,
  print: (line: string) => void,
): Promise<number> {
  print(`\nThe services are running, so the links open. Press ${styleText("bold", "Ctrl-C")} to stop them.`);
  for (const line of services.descriptions) print(styleText("dim", `  ${line}`));
  await interrupt.interrupted;
  return 0;
}

/** Deletes the files of the sandbox, and no others in its folder. */
async function reset(folder: string, options: SandboxOptions): Promise<number> {
  const own = ["state", "pulumi", "qbook", "registry", "gateway", "gateway-staging", "gateway-prod"].map(
    (name) => join(folder, name),
  );
  const found = own.filter((path) => existsSync(path));
  if (found.length === 0 && existsSync(folder) && folder !== DEFAULT_STATE) {
    throw new LecternError({
      code: "not-a-state-folder",
      severity: "error",
      path: "--state",
      message: `${folder} contains no sandbox state`,
      remedy: "Use the --state folder that the sandbox was run with",
    });
  }
  for (const path of own) await rm(path, { recursive: true, force: true });
  printer(options)(found.length === 0 ? "Nothing to reset." : `Deleted the sandbox state in ${folder}.`);
  return 0;
}

const printer = (options: SandboxOptions) => (line: string) => {
  if (!options.json) process.stdout.write(`${line}\n`);
};
