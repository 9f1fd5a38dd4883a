import { createInterface } from "node:readline/promises";
import { kernelConfig } from "../../components/kernel/config.ts";
import { announceRestart, restartNow } from "../../components/kernel/gateway/restart/restart-now.ts";
import { type Connect, connectAsConfigured } from "../../components/kernel/hosts/hosts.ts";
import { didYouMean } from "../../components/problem/nearest.ts";
import { LecternError } from "../../components/problem/problem.ts";
import { configReader } from "../../components/resource/configured.ts";
import type { ProviderContext, Report } from "../../components/resource/context.ts";
import { processContext } from "../../components/resource/process-context.ts";
import { readStackConfig } from "./stack-config.ts";

export interface RestartOptions {
  readonly stack: string;
  readonly yes?: boolean;
}

/** What the command needs of the machine that it runs on. */
export interface RestartWorld {
  /** A stack's configuration by its full keys, as text. */
  config(stack: string): Promise<Readonly<Record<string, string>>>;
  context(raw: (key: string) => string | undefined, report: (report: Report) => void): ProviderContext;
  readonly connect: Connect;
  print(line: string): void;
  printError(line: string): void;
  /** Asks a person for a yes; undefined where nobody is there to ask. */
  readonly confirm: ((question: string) => Promise<boolean>) | undefined;
}

/** Restarts a gateway of a stack, after saying what that ends. Answers the exit code. */
export async function restartGateway(
  name: string,
  { stack, yes }: RestartOptions,
  world: RestartWorld = thisMachine,
): Promise<number> {
  const { print, printError } = world;
  try {
    const values = await world.config(stack);
    const raw = (key: string) => values[`lectern:${key}`];
    const { gateways } = configReader(raw)(kernelConfig);
    const config = gateways[name];
    if (!config) throw unknownGateway(name, stack, Object.keys(gateways));
    const context = world.context(raw, ({ message }) => print(message));
    print(
      `${await announceRestart({ name, config }, context)}. A restart ends every kernel that runs there.`,
    );
    if (!yes) {
      if (!world.confirm) {
        printError("Nothing was restarted: there is no terminal to ask on. Confirm with --yes.");
        return 2;
      }
      if (!(await world.confirm(`Restart the gateway ${name}?`))) {
        print("Nothing was restarted.");
        return 1;
      }
    }
    await restartNow({ name, config }, context, world.connect);
    return 0;
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    printError(error.message);
    return 1;
  }
}

const thisMachine: RestartWorld = {
  config: readStackConfig,
  context: processContext,
  connect: connectAsConfigured,
  print: (line) => process.stdout.write(`${line}\n`),
  printError: (line) => process.stderr.write(`${line}\n`),
  confirm: process.stdin.isTTY ? confirmOnTerminal : undefined,
};

async function confirmOnTerminal(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}

function unknownGateway(name: string, stack: string, names: readonly string[]): LecternError {
  return new LecternError({
    code: "unknown-gateway",
    severity: "error",
    path: "lectern:gateways",
    message: `the stack ${stack} has no gateway ${JSON.stringify(name)}`,
    remedy: didYouMean(
      name,
      names,
      names.length === 0 ? "It has none: choose another stack" : `It has ${names.join(", ")}`,
    ),
  });
}
