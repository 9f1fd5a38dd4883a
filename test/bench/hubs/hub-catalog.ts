/* A synthetic catalog of clusters with hubs, the same on each machine. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";

/** How much to generate. */
export interface HubCatalogSize {
  readonly clusters: number;
  readonly hubs: number;
}

const AREAS = 20;
const PARTS = 4;
const FIELDS = 12;
const EVERY = <T>(count: number, make: (index: number) => T): [string, T][] =>
  Array.from({ length: count }, (_, index) => [`key${index}`, make(index)]);
const object = (entries: readonly [string, unknown][]) => Object.fromEntries(entries);

/** Writes a chart about as big as JupyterHub's, with a schema of closed maps, and clusters whose hubs use it. */
export async function writeHubCatalog(catalog: string, { clusters, hubs }: HubCatalogSize): Promise<void> {
  const chart = join(catalog, "charts/hub");
  await mkdir(chart, { recursive: true });
  await writeFile(join(chart, "Chart.yaml"), "apiVersion: v2\nname: hub\nversion: 1.0.0\n");
  await writeFile(join(chart, "values.yaml"), stringify(defaults()));
  await writeFile(join(chart, "values.schema.json"), JSON.stringify(schema()));
  for (let cluster = 0; cluster < clusters; cluster += 1) {
    const count = Math.floor(((cluster + 1) * hubs) / clusters) - Math.floor((cluster * hubs) / clusters);
    await writeCluster(join(catalog, "clusters", `cluster-${cluster}`), cluster, count);
  }
}

async function writeCluster(folder: string, cluster: number, count: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  const hubs = Array.from({ length: count }, (_, index) => ({
    name: index === 0 ? "staging" : `hub-${index}`,
    chart: "hub",
    domain: `hub-${index}.cluster-${cluster}.example.org`,
    values: [`hub-${index}.yaml`],
  }));
  const environments = { staging: { values: ["staging.yaml"] }, prod: { values: ["prod.yaml"] } };
  await writeFile(join(folder, "cluster.yaml"), stringify({ values: ["common.yaml"], environments, hubs }));
  await writeFile(join(folder, "common.yaml"), stringify(some(cluster, 4)));
  await writeFile(join(folder, "staging.yaml"), stringify(some(cluster + 1, 1)));
  await writeFile(join(folder, "prod.yaml"), stringify(some(cluster + 2, 1)));
  for (let index = 0; index < count; index += 1) {
    await writeFile(join(folder, `hub-${index}.yaml`), stringify(some(cluster + index, 3)));
  }
}

const defaults = () => object(EVERY(AREAS, () => object(EVERY(PARTS, () => object(EVERY(FIELDS, fieldOf))))));
const fieldOf = (index: number) =>
  index % 3 === 0 ? index : index % 3 === 1 ? `text ${index}` : [index, "x"];

/** A few areas of the values, set otherwise. */
function some(seed: number, areas: number) {
  const chosen = Array.from({ length: areas }, (_, index) => `key${(seed + 7 * index) % AREAS}`);
  return object(chosen.map((area) => [area, object(EVERY(PARTS, () => object(EVERY(FIELDS / 2, fieldOf))))]));
}

function schema() {
  const closed = (properties: unknown) => ({ type: "object", additionalProperties: false, properties });
  const field = (index: number) => ({ type: ["integer", "string", "array"][index % 3] });
  const part = () => closed(object(EVERY(FIELDS, field)));
  const area = () => closed(object(EVERY(PARTS, part)));
  return { $schema: "http://json-schema.org/draft-07/schema#", ...closed(object(EVERY(AREAS, area))) };
}
