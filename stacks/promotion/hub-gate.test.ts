import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { HubOutput } from "../outputs/outputs.ts";
import { hubGate, type WantedHub } from "./hub-gate.ts";
import { differenceOf, type Parts } from "./hub-parts.ts";

const PARTS: Parts = { chart: "c1", "common.yaml": "a1", profiles: "p1", "images/lab": "i1" };
const HUB = { id: "campus/prod", cluster: "campus", provenBy: ["campus/staging"], differs: [], hold: false };

const deployed = (parts: Parts, healthy = true): HubOutput => ({
  parts,
  healthy,
  chart: "hub 1.0.0",
  url: "",
  since: "",
});

interface Given {
  readonly hub?: Partial<WantedHub["hub"]>;
  readonly parts?: Parts;
  readonly staging?: HubOutput | undefined;
  readonly support?: { wanted: Parts; staging?: HubOutput };
}

function decide({ hub, parts = PARTS, support, ...given }: Given, isDeployed = true) {
  const staging = "staging" in given ? given.staging : deployed(PARTS);
  return hubGate(
    { hub: { ...HUB, ...hub }, parts, support: support?.wanted },
    {
      hubs: new Map([["campus/staging", staging]]),
      support: new Map(support?.staging ? [["campus", support.staging]] : []),
    },
    isDeployed,
  );
}

describe("the gate of a hub", () => {
  it("lets through what staging is healthy with", () => {
    expect(decide({})).toEqual({ use: PARTS });
  });

  it.each<[string, Given, string]>([
    [
      "staging is not deployed or its outputs can't be read",
      { staging: undefined },
      "has not deployed the hub campus/staging yet",
    ],
    [
      "staging is not healthy",
      { staging: deployed(PARTS, false) },
      "the staging hub campus/staging is not healthy",
    ],
    [
      "a shared file differs",
      { parts: { ...PARTS, "common.yaml": "a2" } },
      "healthy with another common.yaml; deploy staging from this commit first",
    ],
    [
      "chart and profiles differ",
      { parts: { ...PARTS, chart: "c2", profiles: "p2" } },
      "another chart, profiles;",
    ],
    ["staging lacks an image", { parts: { ...PARTS, "images/gpu": "i2" } }, "another images/gpu;"],
    ["the hub is pinned", { hub: { hold: true } }, "cluster.yaml says `hold: true`"],
    [
      "the support is not deployed",
      { support: { wanted: PARTS } },
      "has not deployed the support of campus yet",
    ],
    [
      "the support failed",
      { support: { wanted: PARTS, staging: deployed(PARTS, false) } },
      "the last deployment of the support of campus failed",
    ],
    [
      "the support is another",
      { support: { wanted: PARTS, staging: deployed({ ...PARTS, chart: "c0" }) } },
      "the support of campus with another chart",
    ],
  ])("holds where %s", (_, given, reason) => {
    expect(decide(given)).toEqual({ hold: expect.stringContaining(reason), deployed: true });
    expect(decide(given, false)).toMatchObject({ deployed: false });
  });

  it("doesn't count a hub's own files, nor what is declared to differ", () => {
    expect(decide({ parts: { ...PARTS, "prod.yaml": "x" } })).toHaveProperty("use");
    expect(decide({ staging: deployed({ ...PARTS, "staging.yaml": "x" }) })).toHaveProperty("use");
    const parts = { ...PARTS, profiles: "p2", "images/lab": "i2" };
    expect(decide({ parts, hub: { differs: ["profiles", "images/lab"] } })).toHaveProperty("use");
    expect(decide({ parts, hub: { differs: ["profiles"] } })).toHaveProperty("hold");
  });

  it("wants nothing of staging where the gate is none, but for the support", () => {
    expect(decide({ hub: { provenBy: [] }, staging: undefined })).toHaveProperty("use");
    expect(decide({ hub: { provenBy: [] }, support: { wanted: PARTS } })).toHaveProperty("hold");
  });

  it("lets through only what equals the proof, whatever the parts are", () => {
    const parts = fc.dictionary(
      fc.constantFrom("chart", "profiles", "images/a", "a.yaml", "b.yaml"),
      fc.constantFrom("1", "2"),
    );
    fc.assert(
      fc.property(parts, parts, (wanted, proven) => {
        const shared = Object.keys(wanted).filter((name) => name in proven);
        const isEqual =
          shared.every((name) => wanted[name] === proven[name]) &&
          ["chart", "profiles", "images/a"].every((name) => wanted[name] === proven[name]);
        expect(differenceOf(wanted, proven, []) === undefined).toBe(isEqual);
      }),
    );
  });
});
