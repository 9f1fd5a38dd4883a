import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { type RunReport, runReportSchema } from "../../../plan/model.ts";
import { findHelm } from "../../services/programs.ts";
import { LECTERN } from "../command-run.ts";
import type { Row } from "../row.ts";
import { writeHubCatalog } from "./hub-catalog.ts";

const CLUSTERS = 30;
const HUBS = 170;
const LIMIT = 10;

/** `lectern sandbox up` of a large installation in which nothing has changed, as a person calls it, with helm on PATH. */
export async function run(): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), "lectern-bench-hubs-"));
  try {
    const catalog = join(folder, "catalog");
    await writeHubCatalog(catalog, { clusters: CLUSTERS, hubs: HUBS });
    const templates = join(catalog, "charts/hub/templates");
    await mkdir(templates);
    await writeFile(join(templates, "values.yaml"), TEMPLATE);
    const first = up(folder);
    const rounds = [1, 2, 3].map(() => unchanged(first.report, up(folder)));
    const [, median] = rounds.toSorted((a, b) => a.took - b.took);
    if (median === undefined) throw new Error("nothing was measured");
    return [
      {
        what: `sandbox run of ${CLUSTERS} clusters × ${HUBS} hubs in all, nothing changed (${availableParallelism()} cores)`,
        measured: `${median.took.toFixed(1)} s, ${median.processor.toFixed(1)} s of a processor (the first run ${first.took.toFixed(1)} s)`,
        target: `under ${LIMIT} s`,
        met: median.took < LIMIT,
      },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const TEMPLATE = `apiVersion: v1
kind: ConfigMap
metadata: {name: hub}
data:
  values: {{ toJson .Values | quote }}
`;

interface Run {
  readonly report: RunReport;
  /** Seconds. */
  readonly took: number;
  /** Seconds of a processor, of all its processes. */
  readonly processor: number;
}

/** @throws where anything was done, or a release was rendered again */
function unchanged(first: RunReport, run: Run): Run {
  const { summary, progress } = run.report;
  if (summary.same !== first.summary.create)
    throw new Error(`${summary.same} of ${first.summary.create} resources are unchanged`);
  if (progress.some((line) => /rendered/.test(line))) throw new Error("an unchanged release was rendered");
  return run;
}

function up(folder: string): Run {
  const helm = findHelm();
  const { PATH = "" } = process.env;
  const args = [
    "sandbox",
    "up",
    "--json",
    "--catalog",
    join(folder, "catalog"),
    "--state",
    join(folder, "state"),
  ];
  const start = performance.now();
  // The shell knows what its processes took; Node does not.
  const { stdout, stderr } = spawnSync(
    "sh",
    ["-c", '"$0" "$@" && times >&2', process.execPath, LECTERN, ...args],
    {
      encoding: "utf8",
      maxBuffer: 1024 ** 3,
      env: { ...process.env, PATH: helm === undefined ? PATH : `${dirname(helm)}${delimiter}${PATH}` },
    },
  );
  const took = (performance.now() - start) / 1000;
  const report = runReportSchema.parse(JSON.parse(stdout || "{}"));
  if (!report.ok) throw new Error(stderr || report.diagnostics[0]?.message);
  return { report, took, processor: processorSeconds(stderr) };
}

/** The last line of `times` is that of the shell's children: `0m7.793s 0m0.775s`. */
function processorSeconds(text: string): number {
  const times = [...text.matchAll(/(\d+)m([\d.]+)s/g)].slice(-2);
  return times.reduce((sum, [, minutes, seconds]) => sum + 60 * Number(minutes) + Number(seconds), 0);
}
