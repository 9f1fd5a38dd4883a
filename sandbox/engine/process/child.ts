import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { moduleBeside } from "../../../components/module-beside.ts";

/** Preloaded into each process, to end it with the engine; see the file. */
const PRELOAD = moduleBeside("./preload", import.meta.url).href;

/**
 * Node's own warnings, which are for programmers. The SDK handles the outputs of a failed resource later
 * than Node expects; the failure itself is reported.
 */
const QUIET = ["ExperimentalWarning", "PromiseRejectionHandledWarning"].map(
  (name) => `--disable-warning=${name}`,
);

/** The SDK is large: what Node compiled of it once is used again. */
const COMPILE_CACHE = { NODE_COMPILE_CACHE: join(tmpdir(), "node-compile-cache") };

export interface ChildOptions {
  /** The script below `cmd/` of the SDK: `run` or `dynamic-provider`. */
  readonly command: string;
  readonly args: readonly string[];
  readonly projectRoot: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly onOutput: (line: string) => void;
  readonly onError: (line: string) => void;
}

/** A Node process of the SDK that belongs to a run. */
export interface Child {
  /** Resolves when it is over and all of its output was read. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** SIGINT asks the provider's process not to wait any longer; the others end a process. */
  signal(name: "SIGINT" | "SIGTERM" | "SIGKILL"): void;
}

/** Starts one of the SDK's own processes, from the SDK that the project itself uses. */
export function startChild(options: ChildOptions): Child {
  const script = join(sdkFolder(options.projectRoot), "cmd", options.command, "index.js");
  const child = spawn(process.execPath, [...QUIET, `--import=${PRELOAD}`, script, ...options.args], {
    cwd: options.projectRoot,
    env: { ...COMPILE_CACHE, ...process.env, PULUMI_NODEJS_TYPESCRIPT: "false", ...options.environment },
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    // A Ctrl-C at the terminal is for the engine, which shuts its processes down.
    detached: true,
  });
  createInterface({ input: readable(child.stdout) }).on("line", options.onOutput);
  createInterface({ input: readable(child.stderr) }).on("line", options.onError);
  return { ended: exit(child), signal: (name) => void child.kill(name) };
}

function exit(child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
}

function sdkFolder(projectRoot: string): string {
  const require = createRequire(join(projectRoot, "package.json"));
  return dirname(require.resolve("@pulumi/pulumi/package.json"));
}

function readable(stream: Readable | null): Readable {
  if (!stream) throw new Error("a child's output was not piped");
  return stream;
}
