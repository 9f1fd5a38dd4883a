import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { LecternError } from "../../components/problem/problem.ts";
import { clusterWith, stopClusters } from "../../stacks/clusters/testing/some-cluster.ts";
import { registrations, type Scenario } from "./registrations.ts";

let catalog: string;
beforeEach(() => {
  catalog = mkdtempSync(join(tmpdir(), "lectern-bad-input-"));
  cpSync("test/golden/catalog/kernels", join(catalog, "kernels"), { recursive: true });
  vi.resetModules();
});
afterEach(() => {
  stopClusters();
  rmSync(catalog, { recursive: true });
});

function write(path: string, text: string): void {
  mkdirSync(dirname(join(catalog, path)), { recursive: true });
  writeFileSync(join(catalog, path), text);
}

/** Everything that is wrong with a catalog, and what was called until that was known. */
async function refusal(config: Scenario["config"] = {}, outputs: Scenario["outputs"] = {}) {
  const calls: string[] = [];
  vi.spyOn(globalThis, "fetch").mockImplementation(async (url) => {
    calls.push(String(url));
    throw new Error("no service is asked");
  });
  const { program } = await import("../../stacks/from-catalog.ts");
  const error: unknown = await registrations({
    stack: "staging",
    config: { "lectern:catalog": catalog, "lectern:gateways": JSON.stringify({}), ...config },
    secretKeys: ["lectern:kubeconfigs"],
    onRegistered: ({ type }) => void calls.push(type),
    outputs,
    run: program,
  }).catch((reason: unknown) => reason);
  vi.restoreAllMocks();
  if (!(error instanceof Error && "problems" in error)) throw error;
  return { calls, problems: (error as LecternError).problems };
}

it("whatever is wrong with clusters is reported at once, before anything is called or registered", async () => {
  write("charts/hub/Chart.yaml", "apiVersion: v2\nname: hub\nversion: 1.0.0\n");
  write(
    "clusters/east/cluster.yaml",
    `hubs:
- {name: staging, chart: hub, domian: x}
- {name: staging, chart: hub, domain: hub.example.org}
- {name: a, chart: {repository: "https://hub.example.org", name: jupyterhub}, staging: b}
- {name: b, chart: hub, staging: a}
`,
  );
  write("clusters/north/cluster.yaml", "hubs:\n- name: [\n");
  write("clusters/south/cluster.yaml", "hubs: [{name: staging, chart: hub, domain: hub.example.org}]\n");
  write("clusters/south/node-groups.json", "[]\n");
  write(
    "clusters/west/profiles.yaml",
    "- display_name: Large\n  node_groups: [high-memory]\n  kubespawner_override: {cpu_limt: 1}\n",
  );
  write(
    "clusters/west/node-groups.json",
    '[{"slug": "standard", "display_name": "Standard", "node_selector": {"a": "b"}}]\n',
  );
  const { calls, problems } = await refusal();
  const found = problems.map(
    ({ file = "", line, column, message }) =>
      `${file.slice(join(catalog, "clusters/").length)}:${line}:${column} ${message}`,
  );
  for (const pattern of [
    /^east\/cluster\.yaml:2:31 unknown key "domian"$/,
    /^east\/cluster\.yaml:3:10 the cluster already has a hub staging$/,
    /^east\/cluster\.yaml:4:\d+ required$/,
    /^east\/cluster\.yaml:4:\d+ the hubs prove each other in a circle: a → b → a$/,
    /^north\/cluster\.yaml:3:1 this is not YAML/,
    /^south\/cluster\.yaml:1:44 the domain hub\.example\.org already belongs to the hub east\/staging$/,
    /^west\/profiles\.yaml:2:\d+ .*high-memory/,
  ])
    expect(found).toContainEqual(expect.stringMatching(pattern));
  expect(calls).toEqual([]);
});

it("a context in the configuration is refused where the cluster has cluster.yaml, with what to write there", async () => {
  write("charts/hub/Chart.yaml", "apiVersion: v2\nname: hub\nversion: 1.0.0\n");
  write("clusters/east/cluster.yaml", "hubs: [{name: staging, chart: hub}]\n");
  const { calls, problems } = await refusal({
    "lectern:clusters": JSON.stringify({ east: { context: "east-1" } }),
  });
  expect(problems).toMatchObject([
    {
      path: "lectern:clusters.east.context",
      remedy: `Remove it here, and write \`provider: {context: east-1}\` in ${join(catalog, "clusters/east/cluster.yaml")}`,
    },
  ]);
  expect(calls).toEqual([]);
});

it("another cluster than before is refused before anything is called or registered", async () => {
  write("charts/hub/Chart.yaml", "apiVersion: v2\nname: hub\nversion: 1.0.0\n");
  write("clusters/east/cluster.yaml", "hubs: [{name: staging, chart: hub}]\n");
  const { calls, problems } = await refusal(
    { "lectern:kubeconfigs": JSON.stringify({ east: await clusterWith("uid-2") }) },
    { staging: { clusters: { east: { uid: "uid-1" } } } },
  );
  expect(problems).toMatchObject([{ code: "other-cluster", path: "provider" }]);
  expect(calls).toEqual([]);
});

it("values that a chart refuses are reported for all clusters before a hub of any is registered", async () => {
  rmSync(join(catalog, "kernels"), { recursive: true });
  write("charts/hub/Chart.yaml", "apiVersion: v2\nname: hub\nversion: 1.0.0\n");
  write("charts/hub/values.schema.json", '{"properties": {"size": {"type": "integer"}}}');
  for (const [cluster, size] of Object.entries({ east: 1, north: "big", south: "huge" })) {
    write(`clusters/${cluster}/cluster.yaml`, "hubs: [{name: staging, chart: hub, values: [v.yaml]}]\n");
    write(`clusters/${cluster}/v.yaml`, `size: ${size}\n`);
  }
  const { calls, problems } = await refusal({
    "lectern:clusters": JSON.stringify(
      Object.fromEntries(["east", "north", "south"].map((name) => [name, { contact: false }])),
    ),
  });
  expect(problems).toMatchObject([
    { file: join(catalog, "clusters/north/v.yaml"), line: 1, path: "size" },
    { file: join(catalog, "clusters/south/v.yaml"), line: 1, path: "size" },
  ]);
  expect(calls.filter((type) => /Release|Namespace/.test(type))).toEqual([]);
});
