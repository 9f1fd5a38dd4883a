import { resolve } from "node:path";
import { styleText } from "node:util";
import type { Operation, RunReport } from "../plan/model.ts";
import { columnsOf, quoted } from "../plan/terminal/layout.ts";
import { planLines, resultLines } from "../plan/terminal/report.ts";
import { confirmRemovals, systemTerminal } from "./confirm-removals.ts";
import { untilInterrupted } from "./interrupt.ts";
import { leftBehind } from "./left-behind.ts";
import { operate } from "./operate.ts";
import { defaultState, type SandboxOptions } from "./options.ts";
import { reset } from "./reset.ts";
import { serve } from "./serve/serve.ts";
import type { User } from "./services/host/protocol.ts";
import { storageError } from "./storage-error.ts";
import { type Workplace, withWorkplace } from "./workplace.ts";

/** Runs one command. @returns the exit code: 0 succeeded, 1 failed */
export async function sandbox(options: SandboxOptions): Promise<number> {
  const folder = resolve(options.state);
  try {
    if (options.command !== "reset") return await withServices(options);
    const found = await reset(folder);
    printer(options)(found ? `Deleted the sandbox state in ${folder}.` : "Nothing to reset.");
    return 0;
  } catch (error) {
    throw storageError(error, folder);
  }
}

async function withServices(options: SandboxOptions): Promise<number> {
  const interrupt = untilInterrupted();
  try {
    return await withWorkplace(options, interrupt, async (place) => {
      const { code, serves } = await act(place);
      await place.unlock();
      if (serves) await serve(place);
      return code;
    });
  } finally {
    interrupt.stop();
  }
}

interface Acted {
  readonly code: number;
  /** Whether the services keep running afterwards. */
  readonly serves: boolean;
}

async function act(place: Workplace): Promise<Acted> {
  const { options, services, interrupt, others } = place;
  const print = printer(options);
  const ended = (code: number): Acted => ({ code, serves: false });
  if (options.command === "serve") return { code: 0, serves: true };
  if (options.command !== "try") {
    const operation = options.command as Operation; // "reset" and "serve" never reach this line
    const { report } = await operateAsking(operation, place);
    const code = conclude(report, options);
    const left = leftBehind(report, options.kubeconfig);
    if (left) print(left);
    if (code === 0 && operation === "up" && !options.json && !options.api) print(howToOpen(options, others));
    return ended(code);
  }
  print(`${styleText("bold", "Lectern sandbox")}: stand-in services on this machine; nothing leaves it.`);
  for (const line of services.descriptions) print(styleText("dim", `  ${line}`));
  const told = new Set<string>();
  const { report, confirmed } = await operateAsking("preview", place, told);
  const planned = conclude(report, options);
  if (planned !== 0 || interrupt.signal.aborted) return ended(planned);
  if (!options.json) print(`\n${styleText("bold", "Deploying")}`);
  const code = conclude(await operate("up", confirmed, told), options);
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
async function operateAsking(operation: Operation, place: Workplace, told?: Set<string>): Promise<Asked> {
  const report = await operate(operation, place, told);
  const terminal = systemTerminal(place.interrupt.signal);
  const options = await confirmRemovals(report, place.options, terminal);
  if (!options) return { report, confirmed: place };
  const confirmed = { ...place, options };
  return { report: await operate(operation, confirmed, told), confirmed };
}

/** A command that keeps the services running, for as long as a person wants. */
const isServing = ({ command }: User) => /^sandbox (serve|try)$/.test(command);

function howToOpen({ state }: SandboxOptions, others: readonly User[]): string {
  const serving = others.find(isServing);
  if (serving) return `\nThe links open while \`${serving.command}\` (process ${serving.pid}) runs.`;
  const command = `npm run sandbox -- serve${state === defaultState() ? "" : ` --state ${quoted(state)}`}`;
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

const printer = (options: SandboxOptions) => (line: string) => {
  if (!options.json) process.stdout.write(`${line}\n`);
};
