import { createInterface } from "node:readline/promises";
import type { RunReport } from "../plan/model.ts";
import { isYes } from "../plan/question.ts";
import { unconfirmedIn } from "../stacks/removals/removals.ts";
import type { SandboxOptions } from "./options.ts";

/** A person at a terminal. */
export interface Terminal {
  /** Whether both sides are a terminal: a pipe answers no question. */
  readonly interactive: boolean;
  ask(question: string): Promise<string>;
}

/**
 * Asks about removals that a run was refused for.
 * @returns the options that confirm them; undefined where there are none, or they are not confirmed
 */
export async function confirmRemovals(
  { diagnostics }: Pick<RunReport, "diagnostics">,
  options: SandboxOptions,
  terminal: Terminal,
): Promise<SandboxOptions | undefined> {
  const ids = diagnostics.flatMap(({ message }) => unconfirmedIn(message));
  if (ids.length === 0 || options.json || !terminal.interactive) return undefined;
  const question = `\nThe catalog no longer has ${ids.join(", ")}.\nRemove ${ids.length === 1 ? "it" : `all ${ids.length}`}? [y/N] `;
  if (!isYes(await terminal.ask(question))) return undefined;
  return { ...options, confirmed: [...(options.confirmed ?? []), ...ids] };
}

/** The terminal of this process. */
export const systemTerminal = (signal: AbortSignal): Terminal => ({
  interactive: process.stdin.isTTY === true && process.stdout.isTTY === true,
  ask: async (question) => {
    const lines = createInterface({ input: process.stdin, output: process.stdout });
    try {
      // Ctrl-C at the question is an answer too.
      return await lines.question(question, { signal }).catch(() => "");
    } finally {
      lines.close();
    }
  },
});
