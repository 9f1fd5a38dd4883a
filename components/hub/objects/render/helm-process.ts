import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import pLimit from "p-limit";

/** A call of the `helm` command. */
export interface HelmCall {
  /** The program. @default helm, from PATH */
  readonly helm?: string | undefined;
  readonly args: readonly string[];
  /** What it reads from standard input, so that no value is in its arguments or in a file. */
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds after which it is ended. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
}

export type HelmOutcome =
  | { readonly ended: "ok"; readonly output: string }
  | { readonly ended: "failed"; readonly said: string }
  | { readonly ended: "missing" }
  | { readonly ended: "late" };

/** A rendered release with its chart is a few megabytes. */
const MOST_OUTPUT = 256 * 1024 * 1024;

/** A helm keeps a core busy, so there are no more of them than cores, however many hubs are planned at once. */
const limit = pLimit(availableParallelism());

/** Runs `helm` once. It rejects only where the signal is aborted. */
export const runHelm = (call: HelmCall): Promise<HelmOutcome> => limit(() => run(call));

async function run(call: HelmCall): Promise<HelmOutcome> {
  const { helm = "helm", args, input, env = {}, timeout, signal } = call;
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const child = spawn(helm, args, {
      env: { ...ownEnvironment(), ...env },
      stdio: ["pipe", "pipe", "pipe"],
      killSignal: "SIGKILL",
    });
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill("SIGKILL");
    }, timeout);
    const stop = () => child.kill("SIGKILL");
    signal?.addEventListener("abort", stop, { once: true });
    const output = gather(child.stdout, stop);
    const said = gather(child.stderr, stop);
    const settle = (act: () => void) => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
      act();
    };
    child.once("error", (error: NodeJS.ErrnoException) => {
      const isMissing = error.code === "ENOENT" || error.code === "EACCES";
      settle(() => resolve(isMissing ? { ended: "missing" } : { ended: "failed", said: error.message }));
    });
    child.once("close", (code) => {
      settle(() => {
        if (signal?.aborted) reject(signal.reason);
        else if (late) resolve({ ended: "late" });
        else resolve(code === 0 ? { ended: "ok", output: output() } : { ended: "failed", said: said() });
      });
    });
    // A helm that ends early closes its input.
    child.stdin.on("error", () => {});
    child.stdin.end(input ?? "");
  });
}

function gather(stream: NodeJS.ReadableStream, stop: () => void): () => string {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > MOST_OUTPUT) stop();
    else chunks.push(chunk);
  });
  return () => Buffer.concat(chunks).toString("utf8");
}

/** Secrets of this process's own, and what would point helm to another cluster or print its debug log. */
const NOT_FOR_HELM = /^(PULUMI_|LECTERN_|HELM_KUBE|HELM_NAMESPACE$|HELM_DEBUG$|HELM_DRIVER$)/;

const ownEnvironment = () =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !NOT_FOR_HELM.test(name)));
