import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { best, inMilliseconds, runLectern } from "./command-run.ts";
import { writeHubCatalog } from "./hubs/hub-catalog.ts";
import type { Row } from "./row.ts";

const SIZE = { clusters: 30, hubs: 170 };
const FILES = 1000;
const RUNS = 9;

/** Plans a change of a catalog of clusters from the shell: what the plan takes itself, and what the command takes. */
export async function run(): Promise<Row[]> {
  const project = await mkdtemp(join(tmpdir(), "lectern-bench-"));
  try {
    await writeFile(join(project, "Pulumi.yaml"), "name: bench\n");
    await writeHubCatalog(join(project, "catalog"), SIZE);
    for (const environment of ["staging", "prod"]) {
      for (let cluster = 0; cluster < SIZE.clusters; cluster += 1) {
        const text = `config:\n  lectern:environment: ${environment}\n  lectern:scope: {clusters: [cluster-${cluster}]}\n`;
        await writeFile(join(project, `Pulumi.${environment}-cluster-${cluster}.yaml`), text);
      }
    }
    const measure = (args: readonly string[]) => best(RUNS, () => runLectern(args, project));
    const start = measure(["--version"]);
    const one = measure(await planOf(project, ["catalog/clusters/cluster-3/hub-1.yaml"]));
    const many = measure(await planOf(project, manyFiles()));
    const own = { seconds: many.seconds - start.seconds, processor: many.processor - start.processor };
    return [
      {
        what: `plan ${FILES} changed files over ${SIZE.clusters} clusters and ${SIZE.hubs} hubs, all of which it deploys`,
        measured: inMilliseconds(own),
        target: "100 ms",
        met: own.seconds <= 0.1,
      },
      {
        what: "the same, start-up included",
        measured: inMilliseconds(many),
        target: "250 ms",
        met: many.seconds <= 0.25,
      },
      {
        what: "one changed file, start-up included",
        measured: inMilliseconds(one),
        target: "250 ms (existing planner 950 ms)",
        met: one.seconds <= 0.25,
      },
    ];
  } finally {
    await rm(project, { recursive: true, force: true });
  }
}

/** The chart's, each cluster's and each hub's, and what no plan has. */
function manyFiles(): string[] {
  const clusters = Array.from({ length: SIZE.clusters }, (_, index) => `catalog/clusters/cluster-${index}`);
  const files = [
    "catalog/charts/hub/values.yaml",
    ...clusters.flatMap((folder) =>
      ["cluster", "common", "staging", "prod"].map((name) => `${folder}/${name}.yaml`),
    ),
    ...clusters.flatMap((folder) => Array.from({ length: 5 }, (_, index) => `${folder}/hub-${index}.yaml`)),
  ];
  const others = Array.from({ length: FILES - files.length }, (_, index) => `docs/page-${index}.md`);
  return [...files, ...others];
}

/** The command line that plans these files. */
async function planOf(project: string, files: readonly string[]): Promise<string[]> {
  const path = join(project, `changed-${files.length}.txt`);
  await writeFile(path, files.join("\n"));
  return ["plan", "--changed", path, "--format", "json"];
}
