import { readdirSync } from "node:fs";
import { join } from "node:path";
import { chartValuesOf, readClusterFiles } from "../../../components/cluster/cluster-files.ts";
import { chartReader } from "../../../components/hub/chart/local-chart.ts";
import { hubValues } from "../../../components/hub/values/hub-values.ts";
import { SchemaCompiler } from "../../../components/hub/values/schema/schema-compiler.ts";
import { ValuesReader } from "../../../components/hub/values/values-reader.ts";

/* Reads, merges and checks the hubs of a catalog, and prints what that took: a process of its own has no warm code. */
const [catalog = ""] = process.argv.slice(2);
const started = performance.now();
const used = process.cpuUsage();
const folder = join(catalog, "clusters");
const charts = chartReader();
const names = readdirSync(folder);
const clusters = await Promise.all(names.map((name) => readClusterFiles(join(folder, name), charts)));
const reader = new ValuesReader();
const schemas = new SchemaCompiler();
let hubs = 0;
const releases = clusters.flatMap((cluster) =>
  (cluster.declaration?.hubs ?? []).map((hub) => ({ ...hub, defaults: chartValuesOf(cluster, hub) })),
);
for (const { values, defaults } of releases) {
  const files = await reader.files(values);
  const input = { files, generated: [], secrets: [], schemas, ...(defaults ? { chart: defaults } : {}) };
  const { problems } = hubValues(input);
  if (problems.length > 0) throw new Error(`the catalog has a problem: ${problems[0]?.message}`);
  hubs += 1;
}
const { user, system } = process.cpuUsage(used);
const seconds = (performance.now() - started) / 1000;
const peak = process.resourceUsage().maxRSS / 1024;
process.stdout.write(JSON.stringify({ hubs, seconds, processor: (user + system) / 1e6, peak }));
