import { type Child, startChild } from "../process/child.ts";
import type { RunOptions } from "../run.ts";

/** The exit code by which the SDK's runner indicates that it has reported the error itself. */
const TOLD = 32;

export interface ProgramOptions {
  readonly run: RunOptions;
  readonly dryRun: boolean;
  /** Where the monitor and the engine listen. */
  readonly address: string;
  readonly onOutput: (line: string) => void;
  readonly onError: (line: string) => void;
}

/** Starts the program with the SDK's own `cmd/run`. */
export function startProgram({ run, dryRun, address, onOutput, onError }: ProgramOptions): Child {
  return startChild({
    command: "run",
    args: [
      `--monitor=${address}`,
      `--engine=${address}`,
      `--project=${run.project}`,
      `--stack=${run.stack}`,
      "--organization=organization",
      `--root-directory=${run.projectRoot}`,
      `--pwd=${run.projectRoot}`,
      `--parallel=${run.parallel ?? 16}`,
      ...(dryRun ? ["--dry-run"] : []),
      run.main ?? ".",
    ],
    projectRoot: run.projectRoot,
    environment: {
      PULUMI_CONFIG: JSON.stringify(run.config),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(run.secretKeys ?? []),
    },
    onOutput,
    onError,
  });
}

/** How a program's end is reported; undefined if it succeeded or reported the failure itself. */
export function complaint(code: number | null, signal: NodeJS.Signals | null): string | undefined {
  if (code === 0 || code === TOLD) return undefined;
  return signal ? `the program was ended by ${signal}` : `the program ended with the exit code ${code}`;
}

const FRAME = /\n\s+at /;

/**
 * What the SDK reports of an uncaught error, without what no reader needs: the words around a
 * user error, and its stack trace.
 */
export function programError(message: string): string {
  const userError = /(?:^|\n)\[?(?:LecternError|RunError): ([\s\S]*)/.exec(message);
  if (!userError?.[1]) return message;
  const [text = ""] = userError[1].split(FRAME);
  return text.replace(/\]?( \{)?$/, "").trim();
}
