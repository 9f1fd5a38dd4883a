import { spawnSync } from "node:child_process";
import { join } from "node:path";

export const LECTERN = join(import.meta.dirname, "../../cli/lectern.mjs");

/** What a run of the command took: wall and processor time in seconds, its largest memory in megabytes. */
export interface Run {
  readonly seconds: number;
  readonly processor: number;
  readonly peak: number;
}

/** One run of the command in a process of its own, which says what it took when it ends. */
export function runLectern(args: readonly string[], cwd?: string): Run {
  const said = `process.on("exit", () => process.stderr.write(JSON.stringify(process.resourceUsage())))`;
  const node = ["--import", `data:text/javascript,${encodeURIComponent(said)}`, LECTERN, ...args];
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, node, { cwd, encoding: "utf8" });
  const seconds = (performance.now() - started) / 1000;
  if (status !== 0)
    throw new Error(`lectern ${args[0]} ended with ${status}: ${stdout.slice(0, 2000)}${stderr}`);
  // What the exit handler above wrote; the standard error has nothing else.
  const usage = JSON.parse(stderr) as NodeJS.ResourceUsage;
  return { seconds, processor: (usage.userCPUTime + usage.systemCPUTime) / 1e6, peak: usage.maxRSS / 1024 };
}

/** The least time of several runs, and their largest memory. */
export function best(count: number, run: () => Run): Run {
  const runs = Array.from({ length: count }, run);
  return {
    seconds: Math.min(...runs.map(({ seconds }) => seconds)),
    processor: Math.min(...runs.map(({ processor }) => processor)),
    peak: Math.max(...runs.map(({ peak }) => peak)),
  };
}

/** Such as `127 ms, 131 ms of a processor`. */
export const inMilliseconds = ({ seconds, processor }: Pick<Run, "seconds" | "processor">) =>
  `${Math.round(seconds * 1000)} ms, ${Math.round(processor * 1000)} ms of a processor`;
