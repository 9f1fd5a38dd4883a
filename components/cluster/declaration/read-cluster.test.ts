import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { LecternError } from "../../problem/problem.ts";
import { domainProblems } from "./cluster-rules.ts";
import { readClusterYaml } from "./read-cluster.ts";

let folder: string;
beforeEach(async () => {
  const root = await mkdtemp(join(tmpdir(), "lectern-declaration-"));
  folder = join(root, "catalog/clusters/campus");
  await mkdir(folder, { recursive: true });
  await mkdir(join(root, "catalog/charts/hub"), { recursive: true });
});
afterEach(() => rm(dirname(dirname(dirname(folder))), { recursive: true }));

const file = () => join(folder, "cluster.yaml");

async function files(...names: string[]): Promise<void> {
  for (const name of names) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), "");
  }
}

/** `line:column field: message. Remedy`, of each problem. */
async function problems(text: string): Promise<string[]> {
  const error: unknown = await readClusterYaml(text, file()).catch((reason: unknown) => reason);
  if (!(error instanceof LecternError)) throw new Error(`no problem found: ${JSON.stringify(error)}`);
  return error.problems.map(
    ({ line, column, path, message, remedy }) =>
      `${line === undefined ? "" : `${line}:${column} `}${path ?? ""}: ${message}. ${remedy}`,
  );
}

it("fills in what a short declaration leaves out", async () => {
  const read = await readClusterYaml(
    "hubs:\n- {name: staging, chart: hub}\n- {name: campus, chart: hub, domain: hub.example.org}\n",
    file(),
  );
  expect(read.hubs).toMatchObject([
    { id: "campus/staging", environment: "staging", namespace: "staging", release: "staging", provenBy: [] },
    { id: "campus/campus", environment: "prod", provenBy: ["campus/staging"], domain: "hub.example.org" },
  ]);
  expect(read.hubs[0]).toMatchObject({
    health: { attempts: 3, limit: 600, settle: 2 },
    timeout: 600,
    retire: false,
  });
});

it("merges values of the cluster, of the environment and of the hub in this order", async () => {
  await files("all.yaml", "prod.yaml", "one.yaml", "enc.yaml");
  const read = await readClusterYaml(
    "values: [all.yaml]\nenvironments: {prod: {values: [prod.yaml]}}\nhubs: [{name: one, chart: hub, gate: none, values: [one.yaml], secrets: [enc.yaml]}]\n",
    file(),
  );
  expect(read.hubs[0]?.values.map(({ name }) => name)).toEqual(["all.yaml", "prod.yaml", "one.yaml"]);
  expect(read.hubs[0]?.own).toEqual(["prod.yaml", "one.yaml"]);
  expect(read.hubs[0]?.values[0]?.path).toBe(join(folder, "all.yaml"));
});

it("reports unknown keys with the nearest ones, where they are", async () => {
  expect(await problems("hub: []\nhubs:\n- name: staging\n  chart: hub\n  domian: x\n")).toEqual([
    expect.stringMatching(/^5:3 hubs\[0\]\.domian: unknown key "domian"\. Did you mean "domain"/),
    expect.stringMatching(/^1:1 hub: unknown key "hub"\. Did you mean "hubs"/),
  ]);
});

it("wants the version of a remote chart to be exact", async () => {
  const chart = (text: string) => problems(`hubs: [{name: staging, chart: {${text}}}]`);
  expect(await chart("repository: https://hub.example.org, name: jupyterhub")).toEqual([
    "1:31 hubs[0].chart.version: required. Add it as a string",
  ]);
  expect(await chart("oci: oci://example.org/hub, version: 4.x")).toEqual([
    "1:69 hubs[0].chart.version: expected an exact version such as 4.4.0. Correct the value",
  ]);
});

it("wants every file that is named, and a name for every file", async () => {
  await files("common.yaml", "old.yaml", "README.md", ".sops.yaml", "checks/smoke.sh", "checks/README");
  const text =
    "values: [comon.yaml]\nhubs:\n- name: staging\n  chart: hubb\n  verify: [./checks/smoke.sh --quick]\n";
  expect(await problems(text)).toEqual([
    '1:10 values[0]: there is no file comon.yaml in the cluster\'s folder. Did you mean "common.yaml" or "old.yaml"?',
    '4:10 hubs[0].chart: the catalog\'s charts/ has no folder hubb. Did you mean "hub"?',
    ": nothing reads this file: cluster.yaml does not name it. Name it in cluster.yaml, or remove it",
    ": nothing reads this file: cluster.yaml does not name it. Name it in cluster.yaml, or remove it",
  ]);
});

it("refuses names that leave the folder", async () => {
  const found = await problems("values: [../other.yaml, /etc/passwd]\nhubs: []\n");
  expect(found).toHaveLength(2);
  expect(found[0]).toContain("expected a file of this folder");
});

it("wants a staging hub for production, or none in so many words", async () => {
  expect(await problems("hubs: [{name: campus, chart: hub}]")).toEqual([
    "1:15 hubs[0].name: nothing proves the production hub campus: the cluster has no staging hub. Add a staging hub, or write `gate: none`",
  ]);
  const read = await readClusterYaml("hubs: [{name: campus, chart: hub, gate: none}]", file());
  expect(read.hubs[0]?.provenBy).toEqual([]);
});

it("refuses a staging hub that is none, one that is not there, and a gate that says both", async () => {
  const text = `hubs:
- {name: staging, chart: hub, gate: none}
- {name: one, chart: hub, staging: two}
- {name: two, chart: hub, staging: stagin}
- {name: three, chart: hub, staging: staging, gate: none}
`;
  expect(await problems(text)).toEqual([
    expect.stringContaining("hubs[0].gate: staging is a staging hub, and nothing proves it"),
    expect.stringContaining("hubs[1].staging: the hub two is no staging hub"),
    expect.stringContaining('hubs[2].staging: the cluster has no hub stagin. Did you mean "staging"?'),
    expect.stringContaining("hubs[3].gate: the hub has a staging hub, but its gate is none"),
  ]);
});

it("names a circle of hubs once", async () => {
  const text = `hubs:
- {name: a, chart: hub, staging: b}
- {name: b, chart: hub, staging: c}
- {name: c, chart: hub, staging: a}
- {name: d, chart: hub, staging: d}
`;
  const found = (await problems(text)).filter((line) => line.includes("circle"));
  expect(found).toEqual([
    expect.stringContaining("the hubs prove each other in a circle: a → b → c → a"),
    expect.stringContaining("the hubs prove each other in a circle: d → d"),
  ]);
});

it("refuses two hubs of one name, and two in one release", async () => {
  const text = `hubs:
- {name: staging, chart: hub}
- {name: staging, chart: hub}
- {name: staging-2, chart: hub, namespace: staging, release: staging}
`;
  expect(await problems(text)).toEqual([
    expect.stringContaining("hubs[1].name: the cluster already has a hub staging"),
    expect.stringContaining(
      "hubs[2].release: the release staging/staging already belongs to the hub staging",
    ),
  ]);
});

it("refuses two hubs on one domain, whichever clusters they are on", async () => {
  const read = await readClusterYaml("hubs: [{name: staging, chart: hub, domain: hub.example.org}]", file());
  const other = { ...read, hubs: read.hubs.map((hub) => ({ ...hub, id: "library/staging" })) };
  expect(domainProblems([...read.hubs, ...other.hubs])).toMatchObject([
    { message: "the domain hub.example.org already belongs to the hub campus/staging", line: 1, column: 44 },
  ]);
});

it("reports what is wrong between hubs beside what is wrong in each of them", async () => {
  const text = `hub: []
hubs:
- {name: staging, chart: hub, domian: x}
- {name: 7, chart: hub}
- {name: staging, chart: {repository: "https://hub.example.org", name: jupyterhub}}
- {name: a, chart: hub, staging: b}
- {name: b, chart: hub, staging: a, timeout: soon}
`;
  const found = await problems(text);
  expect(found).toEqual(
    [
      /^3:31 hubs\[0\]\.domian: unknown key "domian"\. Did you mean "domain"/,
      /^4:10 hubs\[1\]\.name: expected string/,
      /^5:26 hubs\[2\]\.chart\.version: required/,
      /^7:46 hubs\[4\]\.timeout: expected number/,
      /^1:1 hub: unknown key "hub"\. Did you mean "hubs"/,
      /^5:10 hubs\[2\]\.name: the cluster already has a hub staging/,
      /^6:34 hubs\[3\]\.staging: the hubs prove each other in a circle: a → b → a/,
    ].map((pattern) => expect.stringMatching(pattern)),
  );
});

it("refuses an unknown part that is declared to differ", async () => {
  await files("common.yaml");
  const text = (name: string) =>
    `values: [common.yaml]\nhubs:\n- {name: staging, chart: hub}\n- {name: prod, chart: hub, differs: [${name}]}\n`;
  expect(await problems(text("comon.yaml"))).toEqual([
    expect.stringMatching(
      /^4:38 hubs\[1\]\.differs\[0\]: the hub prod has no part comon\.yaml .*Did you mean "common\.yaml"/,
    ),
  ]);
  for (const name of ["chart", "profiles", "images/lab", "common.yaml"])
    await expect(readClusterYaml(text(name), file())).resolves.toBeDefined();
});

it("reports malformed YAML with its line and column", async () => {
  expect(await problems("hubs:\n- name: [\n")).toEqual([expect.stringMatching(/^3:1 : this is not YAML/)]);
});
