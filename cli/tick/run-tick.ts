import { readFile } from "node:fs/promises";
import { kubeConfigOf } from "../../components/cluster/kube-config.ts";
import { clusterScaler } from "../../components/cluster/warm-up/tick/cluster-scaler.ts";
import { type Scaler, tick } from "../../components/cluster/warm-up/tick/tick.ts";
import { readWindows, type Windows } from "../../components/cluster/warm-up/windows.ts";
import { formatProblem, LecternError } from "../../components/problem/problem.ts";

export interface TickCommandOptions {
  readonly windows: string;
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly dryRun?: boolean;
}

/** What a test gives in the place of the machine. */
export interface TickWorld {
  readonly now: () => number;
  readonly scaler: (options: TickCommandOptions) => Promise<Scaler>;
}

/**
 * `lectern tick`: scales the placeholders of a cluster as the windows want it now, and says in one line what it did.
 * @returns the exit code: 1 where something could not be read or scaled
 */
export async function runTick(options: TickCommandOptions, world: TickWorld = REAL): Promise<0 | 1> {
  try {
    const windows = await windowsIn(options.windows);
    const scaler = await world.scaler(options);
    const { line, problems } = await tick(windows, scaler, { now: world.now(), ...options });
    process.stdout.write(`${line}\n`);
    for (const problem of problems) process.stderr.write(`error: ${formatProblem(problem)}\n`);
    return problems.length > 0 ? 1 : 0;
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    process.stderr.write(`error: ${error.message}\n`);
    return 1;
  }
}

const REAL: TickWorld = {
  now: () => Date.now(),
  // In a pod without a kubeconfig, the account of the pod asks.
  scaler: async ({ kubeconfig, context }) =>
    clusterScaler(await kubeConfigOf({ cluster: "of this pod", kubeconfig, context }, undefined)),
};

async function windowsIn(file: string): Promise<Windows> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new LecternError({
      code: "unreadable-file",
      severity: "error",
      file,
      message: `the windows can't be read (${error.code ?? error.message})`,
      remedy: "Name the file with --windows; a deployment writes it to the ConfigMap of the cluster",
    });
  });
  return readWindows(text, file);
}
