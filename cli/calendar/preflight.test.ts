import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { capturePrinted, temporaryFolder } from "../testing/command-test.ts";
import { showPreflight } from "./preflight.ts";

const catalog = temporaryFolder("preflight");
const printed = capturePrinted();
const write = (path: string, text: string) => {
  mkdirSync(dirname(join(catalog, path)), { recursive: true });
  writeFileSync(join(catalog, path), text);
};

const EVENTS = `
timeZone: Europe/Rome
events:
- {id: exam, kind: exam, title: Algebra, hub: campus/prod, start: 2026-10-19T09:00, end: 2026-10-19T11:00, people: 120, profile: small}
- {id: later, kind: exam, title: Algebra again, hub: campus/prod, start: 2026-10-26T09:00, end: 2026-10-26T11:00, people: 999, profile: small}
`;
const GROUP = {
  ...{ slug: "standard", display_name: "Standard", node_selector: { pool: "standard" } },
  ...{ capacity: { memory: "64Gi" }, reserved: { memory: "4Gi" } },
};
const NOW = Date.parse("2026-10-18T07:00Z");

beforeEach(() => {
  write("calendar/exams.yaml", EVENTS);
  write(
    "clusters/campus/cluster.yaml",
    'hubs: [{name: prod, chart: {repository: "https://hub.jupyter.org/helm-chart/", name: jupyterhub, version: 4.4.0}, gate: none}]\n',
  );
  write(
    "clusters/campus/profiles.yaml",
    "- {display_name: Small, node_groups: standard, kubespawner_override: {mem_limit: 4G, mem_guarantee: 1G}}\n",
  );
});

async function show(group: object, json = false) {
  write("clusters/campus/node-groups.json", JSON.stringify([group]));
  const code = await showPreflight({ catalog, json }, NOW);
  return { code, text: [...printed.out.splice(0), ...printed.err.splice(0)].join("") };
}

it("says the day before an exam whether the cluster can hold its people, by node group", async () => {
  expect(await show({ ...GROUP, max_nodes: 8 })).toEqual({
    code: 0,
    text: "✓ 2026-10-19 09:00  Algebra  campus/prod  (Europe/Rome)\n  120 people, and places for 120: 15 on each of 8 nodes of standard\n",
  });
  const short = await show({ ...GROUP, max_nodes: 7 }, true);
  expect(short.code).toBe(3);
  expect(JSON.parse(short.text)).toEqual({
    preflight: [
      {
        ...{ event: "exam", title: "Algebra", hub: "campus/prod", people: 120, profile: "small" },
        ...{ start: "2026-10-19T07:00:00.000Z", places: 105 },
        groups: [{ group: "standard", perNode: 15, nodes: 7 }],
      },
    ],
  });
});

it("counts what a server takes by the choices that are made for whoever makes none", async () => {
  write(
    "clusters/campus/profiles.yaml",
    `- display_name: Small
  node_groups: standard
  profile_options:
    size:
      display_name: Size
      choices:
        usual: {display_name: Usual, default: true, kubespawner_override: {mem_limit: 6G, mem_guarantee: 1G}}
        more: {display_name: More, kubespawner_override: {mem_limit: 12G}}
`,
  );
  expect((await show({ ...GROUP, max_nodes: 8 })).text).toContain("places for 80: 10 on each of 8 nodes");
});

it("reports what the calendar only warns of", async () => {
  write("calendar/old.ics", "BEGIN:VCALENDAR\nEND:VCALENDAR\n");
  write(
    "calendar/exams.yaml",
    `${EVENTS}calendars: [{file: old.ics, match: [{kind: lecture, hub: campus/prod}]}]\n`,
  );
  expect((await show({ ...GROUP, max_nodes: 8 })).text).toMatch(/warning: /);
});

it("fails for people of an exam alone: those of a lecture come one after the other", async () => {
  write("calendar/exams.yaml", EVENTS.replaceAll("kind: exam", "kind: lecture"));
  const { code, text } = await show({ ...GROUP, max_nodes: 1 });
  expect([code, text]).toEqual([0, expect.stringMatching(/^✗ .*\n {2}120 people, and places for 60: /)]);
});

it.each([
  ["the first that an exam offers", "exam", "offered: [large, small]", "large", "12"],
  ["the default one", "exam", "", "small", "60"],
  ["the default one", "lecture", "", "small", "120"],
])("an event that names no profile gets %s: %s, %s", async (_, kind, field, profile, places) => {
  write(
    "clusters/campus/profiles.yaml",
    `- {display_name: Large, node_groups: standard, kubespawner_override: {mem_limit: 20G}}
- {display_name: Small, default: true, node_groups: standard, kubespawner_override: {mem_limit: 4G, mem_guarantee: 2G}}
`,
  );
  const one = `{id: a, kind: ${kind}, title: A, hub: campus/prod, start: 2026-10-19T09:00, end: 2026-10-19T11:00, people: 9`;
  const named = field === "" ? one : `${one}, ${field}`;
  write("calendar/exams.yaml", `timeZone: Europe/Rome\nevents: [${named}}]\n`);
  const { text } = await show({ ...GROUP, max_nodes: 4 }, true);
  expect(JSON.parse(text).preflight).toMatchObject([{ profile, places: Number(places) }]);
  const { text: unknown } = await show({ ...GROUP, capacity: { cpu: 8 }, max_nodes: 4 });
  expect(unknown).toContain(`what the profile ${profile} takes`);
});

it("says of a cluster without profiles that it is not known", async () => {
  rmSync(join(catalog, "clusters/campus/profiles.yaml"));
  write("calendar/exams.yaml", EVENTS.replaceAll(", profile: small", ""));
  expect((await show({ ...GROUP, max_nodes: 4 })).text).toMatch(
    /^\? .*\n {2}120 people: it is not known whether they fit, as the event names no profile, and the cluster campus has none\n$/,
  );
});

it("says what it lacks to know that", async () => {
  expect(await show(GROUP)).toEqual({
    code: 0,
    text: "? 2026-10-19 09:00  Algebra  campus/prod  (Europe/Rome)\n  120 people: it is not known whether they fit, as node-groups.json lacks max_nodes of standard\n",
  });
});

describe("what the hub's values set for every server", () => {
  const CLUSTER = `hubs: [{name: prod, chart: {repository: "https://hub.jupyter.org/helm-chart/", name: jupyterhub, version: 4.4.0}, gate: none, values: [prod.yaml]`;
  const limited = (more = "") => {
    write("clusters/campus/cluster.yaml", `${CLUSTER}${more}}]\n`);
    write("clusters/campus/prod.yaml", "singleuser: {memory: {limit: 8G}}\n");
    write(
      "clusters/campus/profiles.yaml",
      "- {display_name: Small, node_groups: standard, kubespawner_override: {mem_guarantee: 2G}}\n",
    );
  };

  it("counts for an exam, in which the limit is guaranteed, and not for a lecture", async () => {
    limited();
    const { code, text } = await show({ ...GROUP, max_nodes: 8 });
    expect([code, text]).toEqual([3, expect.stringContaining("places for 56: 7 on each of 8 nodes")]);
    write("calendar/exams.yaml", EVENTS.replaceAll("kind: exam", "kind: lecture"));
    expect((await show({ ...GROUP, max_nodes: 8 })).text).toContain("places for 240: 30 on each of 8 nodes");
  });

  it("counts by the defaults of a chart of the catalog, too", async () => {
    write("charts/hub/Chart.yaml", "apiVersion: v2\nname: hub\nversion: 1.0.0\n");
    write("charts/hub/charts/jupyterhub/Chart.yaml", "apiVersion: v2\nname: jupyterhub\nversion: 4.4.0\n");
    write("charts/hub/charts/jupyterhub/values.yaml", "singleuser: {memory: {limit: 10G}}\n");
    write("clusters/campus/cluster.yaml", "hubs: [{name: prod, chart: hub, gate: none}]\n");
    expect((await show({ ...GROUP, max_nodes: 8 })).text).toContain("places for 120: 15 on each of 8 nodes");
    write("clusters/campus/profiles.yaml", "- {display_name: Small, node_groups: standard}\n");
    expect((await show({ ...GROUP, max_nodes: 8 })).text).toContain("places for 48: 6 on each of 8 nodes");
  });

  it("is not known where a file that is encrypted sets it, unless the profile does", async () => {
    limited(", secrets: [prod.sops.yaml]");
    write("clusters/campus/prod.sops.yaml", "singleuser: {memory: {limit: 'ENC[x]'}}\nsops: {mac: x}\n");
    const { code, text } = await show({ ...GROUP, max_nodes: 8 });
    expect([code, text]).toEqual([
      0,
      expect.stringMatching(
        /as .*clusters\/campus\/prod\.sops\.yaml, which is encrypted, sets what servers /,
      ),
    ]);
    const limits = "{mem_limit: 4G, mem_guarantee: 2G, cpu_limit: 2}";
    write(
      "clusters/campus/profiles.yaml",
      `- {display_name: Small, node_groups: standard, kubespawner_override: ${limits}}\n`,
    );
    expect((await show({ ...GROUP, capacity: { cpu: 64, memory: "64Gi" }, max_nodes: 8 })).text).toContain(
      "places for 120: 15 on each of 8 nodes",
    );
  });

  it("is not known of another chart than JupyterHub's that is not in the catalog", async () => {
    write(
      "clusters/campus/cluster.yaml",
      "hubs: [{name: prod, chart: {oci: oci://registry.example/campus-hub, version: 1.0.0}, gate: none}]\n",
    );
    expect((await show({ ...GROUP, max_nodes: 8 })).text).toContain(
      "as the defaults of the chart oci://registry.example/campus-hub 1.0.0 are not in the catalog",
    );
  });
});
