import * as pulumi from "@pulumi/pulumi";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { readAnnouncements } from "../../components/cluster/announcements/announcements-file.ts";
import type { ClusterFiles } from "../../components/cluster/cluster-files.ts";
import type { Offer } from "../../components/hub/profiles/profile-changes.ts";
import { known } from "../outputs/known-output.ts";
import type { PlannedHubs } from "./hubs.ts";

interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: { readonly data?: Readonly<Record<string, string>>; readonly metadata?: object };
}

let registered: Registered[] = [];
const warnings: string[] = [];
const NOW = Date.parse("2026-10-05T12:00:00Z");
const GPU = { slug: "gpu", display_name: "GPU" };
const MOUNTING = { hub: { extraVolumes: [{ configMap: { name: "lectern-announcements" } }] } };

beforeAll(async () => {
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        registered.push({ type, name, inputs });
        return { id: name, state: inputs };
      },
      call: () => ({}),
    },
    "lectern",
    "prod",
  );
  vi.spyOn(pulumi.log, "warn").mockImplementation(async (text) => void warnings.push(text));
});
beforeEach(() => {
  registered = [];
  warnings.length = 0;
});

const planned = (values: object, retire = false, more: object = { gate: { use: {} }, started: [] }) =>
  ({
    hubs: [
      { hub: { id: "campus/prod", name: "prod", namespace: "prod", retire }, plan: { values }, ...more },
    ],
  }) as unknown as PlannedHubs;

/** Announces on the cluster campus. @returns the changes, and what the hub's ConfigMap has */
async function announced(
  hubs: PlannedHubs,
  text: string | undefined,
  before = {},
  recommended: Offer["recommended"] = {},
) {
  const [{ Cluster }, { announce }] = await Promise.all([
    import("../../components/cluster/cluster.ts"),
    import("./announce.ts"),
  ]);
  const cluster = new Cluster("campus", {});
  const files = {
    name: "campus",
    ...(text === undefined ? {} : { announcements: readAnnouncements(text, "announcements.yaml") }),
  } as ClusterFiles;
  const told = announce({
    cluster,
    files,
    planned: hubs,
    offer: pulumi.output({ profiles: [GPU], recommended }),
    before: { profiles: new Map(), images: new Map(), hubs: new Map(), hubChanges: new Map(), ...before },
    namespace: (name) => cluster.namespace(name, false),
    now: NOW,
  });
  const changes = await (told && known(told));
  const maps = () => registered.filter(({ type }) => type.endsWith(":ConfigMap"));
  const namespaces = new Set(hubs.hubs.map(({ hub }) => hub.namespace));
  if (text !== undefined && !hubs.hubs[0]?.hub.retire) await expect.poll(maps).toHaveLength(namespaces.size);
  const content = maps()[0]?.inputs.data?.["announcements.json"];
  return { changes, content: content === undefined ? undefined : JSON.parse(content), maps: maps() };
}

const TEXT = "timeZone: Europe/Rome\nannouncements: [{text: Welcome}]\n";

it("a hub gets what is announced in a ConfigMap of its namespace", async () => {
  const { content, maps } = await announced(planned(MOUNTING), TEXT);
  expect(maps[0]?.inputs.metadata).toMatchObject({ name: "lectern-announcements", namespace: "prod" });
  expect(content).toMatchObject({ announcements: [{ text: "Welcome" }], changes: [] });
  expect(warnings).toEqual([]);
});

it("hubs of one namespace share a ConfigMap with what any of them announces, and each has to mount it", async () => {
  const hubOf = (name: string, values: object) => ({
    ...{ hub: { id: `campus/${name}`, name, namespace: "shared" }, plan: { values } },
    ...{ gate: { use: {} }, started: [] },
  });
  const hubs = { hubs: [hubOf("one", MOUNTING), hubOf("two", {})] } as unknown as PlannedHubs;
  const text =
    "timeZone: Europe/Rome\nannouncements: [{text: Second, hubs: [two]}, {text: Third, hubs: [three]}]\n";
  const { content, maps } = await announced(hubs, text);
  expect(maps).toHaveLength(1);
  expect(content.announcements).toMatchObject([{ text: "Second" }]);
  expect(warnings).toEqual([expect.stringContaining("campus/two do not mount")]);
});

it("a hub that does not mount it is reported", async () => {
  await announced(planned({}), TEXT);
  expect(warnings).toEqual([
    expect.stringContaining("campus/prod do not mount the ConfigMap lectern-announcements"),
  ]);
});

it("what a deployment changes is told from then on, after what earlier ones changed", async () => {
  const profiles = new Map([["campus", []]]);
  const earlier = [{ at: "2026-09-01T00:00:00Z", text: "Earlier" }];
  const hubChanges = new Map([["campus", earlier]]);
  const { changes, content } = await announced(planned(MOUNTING), TEXT, { profiles, hubChanges });
  expect(changes).toEqual([...earlier, { at: "2026-10-05T12:00:00Z", text: "The profile GPU is new" }]);
  expect(content.changes).toMatchObject([{ text: "Earlier" }, { text: "The profile GPU is new" }]);
});

it("users are told of an image of the catalog that they start and that has changed, once it is deployed", async () => {
  const parts = { chart: "a", "images/lab": "1", "images/hub": "1", "images/new": "1" };
  const hubs = new Map([["campus/prod", { parts: { ...parts, "images/new": undefined } }]]);
  const before = { profiles: new Map([["campus", [GPU]]]), hubs };
  const started = ["lab", "lab", "new"].map((name) => ({ name }));
  const use = { ...parts, "images/lab": "2", "images/hub": "2" };
  const told = async (more: object) =>
    (await announced(planned(MOUNTING, false, more), TEXT, before)).changes;
  expect(await told({ gate: { use }, started })).toEqual([
    { at: "2026-10-05T12:00:00Z", text: "The image lab has a new version", namespaces: ["prod"] },
  ]);
  registered = [];
  expect(await told({ gate: { hold: "frozen", deployed: true }, started })).toEqual([]);
  registered = [];
  expect(await told({ gate: { use: parts }, started })).toEqual([]);
});

it("users are told of an image only where their own hub gets its new version", async () => {
  const hubOf = (name: string, gate: object, started = [{ name: "lab" }]) => ({
    ...{ hub: { id: `campus/${name}`, name, namespace: name, retire: false }, plan: { values: MOUNTING } },
    ...{ gate, started },
  });
  const parts = { "images/lab": "1" };
  const use = { "images/lab": "2" };
  const names = ["held", "staging", "plain", "prod"];
  const hubs = new Map(names.map((name) => [`campus/${name}`, { parts }]));
  const earlier = [{ at: "2026-09-01T00:00:00Z", text: "Earlier" }];
  const before = { hubs, hubChanges: new Map([["campus", earlier]]) };
  const all = [
    hubOf("held", { hold: "frozen", deployed: true }),
    hubOf("staging", { use }),
    hubOf("plain", { use }, []),
    hubOf("prod", { use }),
  ];
  const { changes, maps } = await announced({ hubs: all } as unknown as PlannedHubs, TEXT, before);
  const text = "The image lab has a new version";
  expect(changes).toEqual([
    ...earlier,
    { at: "2026-10-05T12:00:00Z", text, namespaces: ["prod", "staging"] },
  ]);
  const told = maps.map(({ inputs: { metadata, data = {} } }) => [
    (metadata as { namespace: string }).namespace,
    JSON.parse(data["announcements.json"] ?? "").changes.map((change: { text: string }) => change.text),
  ]);
  expect(Object.fromEntries(told)).toEqual({
    ...{ held: ["Earlier"], plain: ["Earlier"] },
    ...{ staging: ["Earlier", text], prod: ["Earlier", text] },
  });
});

describe("which image of an entry is recommended", () => {
  const at = "2026-10-05T12:00:00Z";
  const deployed = (tag: string) => new Map([["campus/lab", { recommended: { tag } }]]);
  const moved = { at, text: "The recommended image of lab is now w_44; it was w_40" };
  const told = async (images: object, recommended: Offer["recommended"], hubChanges = new Map()) => {
    registered = [];
    const before = { profiles: new Map([["campus", [GPU]]]), images, hubChanges };
    return (await announced(planned(MOUNTING), TEXT, before, recommended)).changes;
  };

  it("is told when it is another than the last deployment had", async () => {
    expect(await told(deployed("w_40"), { lab: "w_44" })).toEqual([moved]);
    expect(await told(deployed("w_40"), { lab: "w_40" })).toEqual([]);
    expect(await told(deployed("w_40"), { lab: undefined })).toEqual([]);
  });

  it("is not told twice in a row in the same words", async () => {
    const back = { at, text: "The recommended image of lab is now w_40; it was w_44" };
    const other = { at, text: "The recommended image of lab-gpu is now w_44; it was w_40" };
    const having = (...changes: object[]) => new Map([["campus", changes]]);
    const again = told(deployed("w_40"), { lab: "w_44" }, having(moved, other));
    expect(await again).toEqual([moved, other]);
    const returned = told(deployed("w_40"), { lab: "w_44" }, having(moved, back));
    expect(await returned).toEqual([moved, back, moved]);
  });
});

it("without announcements.yaml, and for a hub that is retired, nothing is registered", async () => {
  expect(await announced(planned(MOUNTING), undefined)).toMatchObject({ changes: undefined, maps: [] });
  expect((await announced(planned(MOUNTING, true), TEXT)).maps).toEqual([]);
});
