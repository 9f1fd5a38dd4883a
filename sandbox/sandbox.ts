import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { styleText } from "node:util";
import { columnsOf } from "../plan/layout.ts";
import type { Operation, RunReport } from "../plan/model.ts";
import { planLines, resultLines } from "../plan/report.ts";
import { confirmRemovals, systemTerminal } from "./confirm-removals.ts";
import { lockState } from "./engine/state/state-file.ts";
import { untilInterrupted } from "./interrupt.ts";
import { operate, stateOf, type Workplace } from "./operate.ts";
import { DEFAULT_STATE, PROJECT_ROOT, type SandboxOptions } from "./options.ts";
import { reset } from "./reset.ts";
import { type Lease, leaseServices } from "./services/host/lease.ts";
import type { User } from "./services/host/protocol.ts";
import { connect } from "./services.ts";
import { storageError } from "./storage-error.ts";

/** Runs one command. @returns the exit code: 0 succeeded, 1 failed */
export async function sandbox(options: SandboxOptions): Promise<number> {
  const folder = resolve(options.state);
  try {
    if (options.command !== "reset") return await withServices(folder, options);
    const found = await reset(folder);
    printer(options)(found ? `Deleted the sandbox state in ${folder}.` : "Nothing to reset.");
    return 0;
  } catch (error) {
    throw storageError(error, folder);
  }
}

/** Takes the lock first, then the services: a command that has to wait starts none. */
async function withServices(folder: string, options: SandboxOptions): Promise<number> {
  await mkdir(folder, { recursive: true });
  const interrupt = untilInterrupted();
  const catalog = options.catalog ? resolve(options.catalog) : join(PROJECT_ROOT, "catalog");
  const unlock = CHANGES_STATE[options.command] ? await lockState(stateOf(folder, options)) : undefined;
  let lease: Lease | undefined;
  try {
    const services = await connect(folder, catalog, options, async (names) => {
      lease = await leaseServices(folder, names, `sandbox ${options.command}`, interrupt.signal);
      return lease.offers;
    });
    const place = { folder, services, interrupt, options };
    const { code, serves } = await act(place, lease?.others ?? []);
    await unlock?.();
    if (serves) await serve(place, lease);
    return code;
  } finally {
    await unlock?.();
    await lease?.release(interrupt.killSignal);
    interrupt.stop();
  }
}

const CHANGES_STATE: Readonly<Record<SandboxOptions["command"], boolean>> = {
  try: true,
  up: true,
  refresh: true,
  destroy: true,
  preview: false,
  serve: false,
  reset: false,
};

interface Acted {
  readonly code: number;
  /** Whether the services keep running afterwards. */
  readonly serves: boolean;
}

async function act(place: Workplace, others: readonly User[]): Promise<Acted> {
  const { options, services, interrupt } = place;
  const print = printer(options);
  const ended = (code: number): Acted => ({ code, serves: false });
  if (options.command === "serve") return { code: 0, serves: true };
  if (options.command !== "try") {
    const operation = options.command as Operation; // "reset" and "serve" never reach this line
    const code = conclude((await operateAsking(operation, place)).report, options);
    if (code === 0 && operation === "up" && !options.json && !options.api) print(howToOpen(options, others));
    return ended(code);
  }
  print(`${styleText("bold", "Lectern sandbox")}: stand-in services on this machine; nothing leaves it.`);
  for (const line of services.descriptions) print(styleText("dim", `  ${line}`));
  const { report, confirmed } = await operateAsking("preview", place);
  const planned = conclude(report, options);
  if (planned !== 0 || interrupt.signal.aborted) return ended(planned);
  if (!options.json) print(`\n${styleText("bold", "Deploying")}`);
  const code = conclude(await operate("up", confirmed), options);
  if (code !== 0 || interrupt.signal.aborted || options.json) return ended(code);
  if (options.serve !== false && process.stdout.isTTY) return { code, serves: true };
  print(howToOpen(options, others));
  print(
    `Edit a notebook in ${options.catalog ?? "catalog/"} and run the sandbox again: the plan shows one update.`,
  );
  return ended(code);
}

interface Asked {
  readonly report: RunReport;
  /** With what a person has confirmed. */
  readonly confirmed: Workplace;
}

/** Runs one operation, and once more where a person confirms the removals that it was refused for. */
async function operateAsking(operation: Operation, place: Workplace): Promise<Asked> {
  const report = await operate(operation, place);
  const terminal = systemTerminal(place.interrupt.signal);
  const options = await confirmRemovals(report, place.options, terminal);
  if (!options) return { report, confirmed: place };
  const confirmed = { ...place, options };
  return { report: await operate(operation, confirmed), confirmed };
}

/** A command that keeps the services running, for as long as a person wants. */
const isServing = ({ command }: User) => /^sandbox (serve|try)$/.test(command);

function howToOpen({ state }: SandboxOptions, others: readonly User[]): string {
  const serving = others.find(isServing);
  if (serving) return `\nThe links open while \`${serving.command}\` (process ${serving.pid}) runs.`;
  const quoted = /^[\w@%+=:,./-]+$/.test(state) ? state : `'${state.replaceAll("'", "'\\''")}'`;
  const command = `npm run sandbox -- serve${state === DEFAULT_STATE ? "" : ` --state ${quoted}`}`;
  return `\nTo open the links: ${styleText("bold", command)}`;
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

async function serve({ services, interrupt, options }: Workplace, lease: Lease | undefined): Promise<void> {
  const print = printer(options);
  print(`\nThe services are running, so the links open. Press ${styleText("bold", "Ctrl-C")} to stop them.`);
  for (const line of services.descriptions) print(styleText("dim", `  ${line}`));
  for (const { command, pid } of lease?.others ?? []) {
    print(styleText("dim", `  They run on while \`${command}\` (process ${pid}) uses them too.`));
  }
  await interrupt.interrupted;
}

const printer = (options: SandboxOptions) => (line: string) => {
  if (!options.json) process.stdout.write(`${line}\n`);
};
