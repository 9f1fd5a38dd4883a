import { createInterface } from "node:readline/promises";
import { type GatewayConfig, kernelConfig } from "../../components/kernel/config.ts";
import { type Connect, connectAsConfigured } from "../../components/kernel/hosts/hosts.ts";
import { didYouMean } from "../../components/problem/nearest.ts";
import { LecternError } from "../../components/problem/problem.ts";
import { configReader } from "../../components/resource/context/configured.ts";
import type { ProviderContext, Report } from "../../components/resource/context/context.ts";
import { processContext } from "../../components/resource/context/process-context.ts";
import { inheritedConfig } from "../../components/resource/inherited.ts";
import { isYes } from "../../plan/question.ts";
import { withDefaults } from "../../stacks/shards/stack-config.ts";
import { readStackConfig } from "./stack-config.ts";

export interface GatewayOptions {
  readonly stack: string;
  readonly yes?: boolean;
}

/** What the commands on gateways need of the machine that they run on. */
export interface GatewayWorld {
  /** A stack's configuration by its full keys, as text. */
  config(stack: string): Promise<Readonly<Record<string, string>>>;
  context(raw: (key: string) => string | undefined, report: (report: Report) => void): ProviderContext;
  readonly connect: Connect;
  print(line: string): void;
  printError(line: string): void;
  /** Asks a person for a yes; undefined where nobody is there to ask. */
  readonly confirm: ((question: string) => Promise<boolean>) | undefined;
}

/** A gateway of a stack, as a command on it gets it. */
export interface OpenGateway {
  readonly config: GatewayConfig;
  /** All gateways of the stack. */
  readonly gateways: Readonly<Record<string, GatewayConfig>>;
  /** Another value of the stack's configuration, as text. */
  raw(key: string): string | undefined;
  readonly context: ProviderContext;
}

/** Works on a gateway of a stack. Answers the exit code: 1 with what was wrong printed, where something was. */
export async function onGateway(
  name: string,
  stack: string,
  world: GatewayWorld,
  work: (gateway: OpenGateway) => Promise<number>,
): Promise<number> {
  try {
    const values = await world.config(stack);
    const raw = (key: string) => values[`lectern:${key}`];
    const { gateways } = configReader(raw)(kernelConfig);
    const config = gateways[name];
    if (!config) throw unknownGateway(name, stack, Object.keys(gateways));
    const context = world.context(raw, ({ message }) => world.print(message));
    return await work({ config, gateways, raw, context });
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    world.printError(error.message);
    return 1;
  }
}

/**
 * Asks for a yes where none was given.
 * @param nothing what was done where the answer is no: `Nothing was restarted`
 * @returns the exit code of a no; undefined for a yes
 */
export async function unconfirmed(
  { confirm, print, printError }: GatewayWorld,
  yes: boolean | undefined,
  question: string,
  nothing: string,
): Promise<number | undefined> {
  if (yes) return undefined;
  if (!confirm) {
    printError(`${nothing}: there is no terminal to ask on. Confirm with --yes.`);
    return 2;
  }
  if (await confirm(question)) return undefined;
  print(`${nothing}.`);
  return 1;
}

export const thisMachine: GatewayWorld = {
  config: async (stack) => withDefaults(stack, await readStackConfig(stack), inheritedConfig),
  context: processContext,
  connect: connectAsConfigured,
  print: (line) => process.stdout.write(`${line}\n`),
  printError: (line) => process.stderr.write(`${line}\n`),
  confirm: process.stdin.isTTY ? confirmOnTerminal : undefined,
};

async function confirmOnTerminal(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return isYes(await terminal.question(`${question} [y/N] `));
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
