import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inMilliseconds } from "../command-run.ts";
import type { Row } from "../row.ts";
import { writeHubCatalog } from "./hub-catalog.ts";

const CLUSTERS = 30;
const HUBS = 170;
const PROGRAM = join(import.meta.dirname, "hub-values.ts");

interface Measured {
  readonly hubs: number;
  readonly seconds: number;
  /** Seconds of a processor. */
  readonly processor: number;
  /** Megabytes. */
  readonly peak: number;
}

/** The values of a large installation: read, merged as Helm does it, and checked against the chart's schema. */
export async function run(): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), "lectern-bench-hubs-"));
  try {
    await writeHubCatalog(folder, { clusters: CLUSTERS, hubs: HUBS });
    const runs = Array.from({ length: 5 }, () => measure(folder));
    const best = runs.reduce((one, other) => (other.seconds < one.seconds ? other : one));
    if (best.hubs !== HUBS) throw new Error(`read ${best.hubs} hubs, not ${HUBS}`);
    const peak = Math.max(...runs.map((one) => one.peak));
    return [
      {
        what: `values of ${CLUSTERS} clusters × ${HUBS} hubs in all: read, merged, checked`,
        measured: inMilliseconds(best),
        target: "under 1000 ms",
        met: best.seconds < 1,
      },
      {
        what: "its peak memory",
        measured: `${Math.round(peak)} MB`,
        target: "under 300 MB",
        met: peak < 300,
      },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function measure(folder: string): Measured {
  const args = ["--disable-warning=ExperimentalWarning", PROGRAM, folder];
  // What the program above prints.
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" })) as Measured;
}
