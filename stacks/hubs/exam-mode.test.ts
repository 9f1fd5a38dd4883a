import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import type { HubDeclaration } from "../../components/cluster/declaration/cluster-declaration.ts";
import type { JsonObject } from "../../components/json.ts";
import { Freeze } from "../calendar/freeze.ts";
import { frozenAt } from "../calendar/frozen.ts";
import type { HubOutput } from "../outputs/outputs.ts";
import type { Gate } from "../promotion/gate.ts";
import { examDecision } from "./exam-mode.ts";
import type { HubDecision } from "./planned-hub.ts";
import { deploymentOf } from "./release/deployment.ts";
import type { ReleasePlan } from "./release/release-plan.ts";

const CHART = { repository: "https://charts.example.org", name: "hub", version: "1.0.0" };
const profile = (slug: string) => ({ slug, display_name: slug, kubespawner_override: { mem_limit: "2G" } });
const valuesWith = (greeting: string, profileList: unknown = [profile("small"), profile("large")]) => ({
  greeting,
  jupyterhub: { singleuser: { profileList } },
});
const plan = (greeting: string): ReleasePlan => ({
  chart: CHART,
  chartName: "hub 1.0.0",
  values: valuesWith(greeting),
  jupyterhub: ["jupyterhub"],
  runs: { appVersion: "5.4.0" },
  database: "other",
  secretValues: {},
  effective: {},
  parts: { chart: "a", "common.yaml": greeting },
  notices: [],
});
const [OLD, NEW] = [plan("old"), plan("new")];
const KEPT = JSON.stringify({
  ...{ chart: CHART, version: "hub 1.0.0", parts: OLD.parts, runs: OLD.runs, values: OLD.values },
});
const LAST: HubOutput = { parts: OLD.parts, healthy: true, chart: "hub 1.0.0", url: "", since: "" };
const ID = "campus/prod";
const EXAM_VALUES = valuesWith("old", [
  { ...profile("small"), default: true, kubespawner_override: { mem_limit: "2G", mem_guarantee: "2G" } },
]);

interface Case {
  readonly exam?: readonly string[];
  readonly last?: HubOutput | undefined;
  readonly kept?: string | undefined;
  readonly catalog?: ReleasePlan;
  readonly gate: Gate<ReleasePlan["parts"]>;
  readonly hold?: boolean;
}

function decide({ exam, catalog = NEW, gate, hold = false, ...given }: Case): Promise<HubDecision> {
  const { last, kept } = { last: LAST, kept: KEPT, ...given };
  const nothing = frozenAt([], 0, { hubs: [], clusters: new Map(), courses: new Map(), kernels: [] });
  const exams = new Map(exam ? [[ID, exam]] : []);
  const args = {
    freeze: new Freeze({ ...nothing, exams }),
    before: {
      hubs: new Map(last ? [[ID, last]] : []),
      support: new Map(),
      hubDeployments: new Map(kept ? [[ID, kept]] : []),
    },
    reader: { chartDigest: async () => "a" },
    images: { valuesWith: async (values: JsonObject) => ({ values, images: {} }) },
  } as unknown as Parameters<typeof examDecision>[2];
  const hub = { id: ID, hold } as HubDeclaration;
  return examDecision(hub, catalog, args, async () => ({ gate, decided: catalog }));
}

const FROZEN = { hold: "frozen until 11:00 for the exam", deployed: true } as const;
const kept = (decided: ReleasePlan) =>
  new Promise<unknown>((resolve) => deploymentOf(decided).apply((text) => resolve(JSON.parse(text))));

describe("the mode of exams", () => {
  it("is entered over what is deployed, while what the catalog has waits", async () => {
    const decision = await decide({ exam: ["small"], gate: FROZEN });
    expect(decision).toMatchObject({ gate: { use: OLD.parts }, exam: ["small"], waiting: FROZEN });
    expect(decision.decided.values).toEqual(EXAM_VALUES);
    expect(decision.decided.parts).toEqual(OLD.parts);
    expect(await kept(decision.decided)).toMatchObject({ values: OLD.values, parts: OLD.parts });
  });

  it("tells nobody of a hold where the catalog has nothing new, and hides no value that is no secret", async () => {
    const decision = await decide({ exam: ["small"], catalog: OLD, gate: { ...FROZEN, calm: true } });
    expect(decision).not.toHaveProperty("waiting");
    expect(decision.decided).toMatchObject({ values: EXAM_VALUES, secretValues: {} });
  });

  it("is entered once: then the hub stays as it is", async () => {
    const decision = await decide({ exam: ["small"], last: { ...LAST, exam: ["small"] }, gate: FROZEN });
    expect(decision.gate).toBe(FROZEN);
  });

  it("changes with the profiles that exams name", async () => {
    const decision = await decide({
      ...{ exam: ["large", "small"], last: { ...LAST, exam: ["small"] }, gate: FROZEN },
    });
    expect(decision).toMatchObject({ gate: { use: OLD.parts }, exam: ["large", "small"] });
  });

  it("is kept by what goes through the freeze", async () => {
    const decision = await decide({ exam: ["small"], gate: { use: NEW.parts } });
    expect(decision).toMatchObject({ gate: { use: NEW.parts }, exam: ["small"] });
    expect(decision.decided.values).toEqual({ ...EXAM_VALUES, greeting: "new" });
    expect(await kept(decision.decided)).toMatchObject({ values: NEW.values });
  });

  it("is entered over the last healthy deployment where the one after it failed, unless that moved the database", async () => {
    const last = { ...LAST, healthy: false };
    const decision = await decide({ exam: ["small"], last, gate: FROZEN });
    expect(decision).toMatchObject({ gate: { use: OLD.parts }, exam: ["small"] });
    expect(decision.decided.values).toEqual(EXAM_VALUES);
    const catalog = { ...NEW, runs: { appVersion: "6.0.0" } };
    const refused = await decide({ exam: ["small"], last, catalog, gate: FROZEN });
    expect(refused).toMatchObject({
      gate: { hold: expect.stringMatching(/exam mode is not entered, as the hub was not healthy.* 5\.4\.0/) },
    });
    expect(refused).not.toHaveProperty("exam");
    const healthy = await decide({ exam: ["small"], catalog, gate: FROZEN });
    expect(healthy).toMatchObject({ gate: { use: OLD.parts }, exam: ["small"] });
  });

  it("is left with the catalog where that may be deployed", async () => {
    const gate = { use: NEW.parts };
    const decision = await decide({ last: { ...LAST, exam: ["small"] }, gate });
    expect(decision).toEqual({ gate, decided: NEW });
  });

  it("is left with what was there before the exam where the catalog is held, by whatever", async () => {
    const gate = { hold: "the staging hub is not healthy", deployed: true };
    const decision = await decide({ last: { ...LAST, exam: ["small"] }, gate });
    expect(decision).toMatchObject({ gate: { use: OLD.parts }, waiting: gate });
    expect(decision.decided.values).toEqual(OLD.values);
    expect(decision).not.toHaveProperty("exam");
  });

  it("is not entered where a profile is missing, or what is deployed is not known", async () => {
    const missing = await decide({ exam: ["smal"], gate: { ...FROZEN, calm: true } });
    expect(missing.gate).toEqual({
      hold: `${FROZEN.hold}; its exam mode is not entered, as it does not offer each of the profiles smal`,
      deployed: true,
    });
    const unknown = await decide({ exam: ["small"], kept: undefined, gate: FROZEN });
    expect(unknown.gate).toMatchObject({ hold: expect.stringContaining("what is deployed is not known") });
  });

  it("changes nothing of a hub that a person holds, or that was never deployed", async () => {
    expect((await decide({ exam: ["small"], hold: true, gate: FROZEN })).gate).toBe(FROZEN);
    const gate = { use: NEW.parts };
    expect(await decide({ exam: ["small"], last: undefined, gate })).toEqual({ gate, decided: NEW });
  });
});

// Outputs of the SDK are awaited here without an engine.
pulumi.runtime.setMocks({
  newResource: ({ name, inputs }) => ({ id: name, state: inputs }),
  call: ({ inputs }) => inputs,
});
