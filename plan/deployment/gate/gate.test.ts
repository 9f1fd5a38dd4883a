import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DeploymentPlan } from "../deployment-plan.ts";
import { gatePlan } from "./gate.ts";
import { hubKey, joined, MalformedResults, parseResults } from "./results.ts";

const reasons = ["x"];
const prod = (cluster: string, hub: string, provenBy = ["staging"]) => ({ cluster, hub, provenBy, reasons });

/** Clusters `us` and `x-us`, a stack each; one of `us` has no staging hub. */
const PLAN: DeploymentPlan = {
  version: 1,
  support: [{ cluster: "us", reasons }],
  staging: [
    { cluster: "us", hub: "staging", reasons },
    { cluster: "x-us", hub: "staging", reasons },
  ],
  prod: [prod("us", "free", []), prod("us", "prod"), prod("x-us", "prod")],
  articles: [],
  kernels: [],
  images: [],
  labels: [],
  untracked: [],
  stacks: {
    staging: [
      { stack: "staging-us", parts: ["clusters/us"] },
      { stack: "staging-x-us", parts: ["clusters/x-us"] },
    ],
    prod: [
      { stack: "prod-us", parts: ["clusters/us"] },
      { stack: "prod-x-us", parts: ["clusters/x-us"] },
    ],
  },
};

const gated = (...documents: unknown[]) =>
  gatePlan(PLAN, joined(documents.map((one) => parseResults(JSON.stringify(one)))));
const left = (...documents: unknown[]) =>
  gated(...documents).prod.map(({ cluster, hub }) => `${cluster}/${hub}`);

const stack = (name: string, result: unknown = "success") => ({ stacks: [{ stack: name, result }] });
const ALL = ["us/free", "us/prod", "x-us/prod"];

describe("the gate", () => {
  it("leaves everything whose stacks succeeded, as CI and as lectern deploy say it", () => {
    expect(left(stack("staging-us"), stack("staging-x-us"))).toEqual(ALL);
    const deployed = ["staging-us", "staging-x-us"].map((name) => ({ stack: name, state: "deployed" }));
    expect(left({ ok: true, seconds: 1, stacks: deployed })).toEqual(ALL);
    expect(gated(stack("staging-us"), stack("staging-x-us")).held).toEqual([]);
  });

  it("holds the production of the cluster that failed, and of no other whose name is a part of it", () => {
    const plan = gated(stack("staging-us"), stack("staging-x-us", "failure"));
    expect(plan.prod).toEqual(PLAN.prod.slice(0, 2));
    expect(plan.held).toEqual([
      { cluster: "x-us", hub: "prod", reason: "the staging hub x-us/staging failed" },
    ]);
    expect(plan.stacks.prod).toEqual([{ stack: "prod-us", parts: ["clusters/us"] }]);
    expect(left(stack("staging-us", "failure"), stack("staging-x-us"))).toEqual(["x-us/prod"]);
  });

  it("holds what has no result", () => {
    expect(left()).toEqual([]);
    expect(left(stack("staging"), stack("taging-us"))).toEqual([]);
    expect(gated(stack("staging-us")).held).toMatchObject([
      { cluster: "x-us", reason: "the staging hub x-us/staging has no result" },
    ]);
  });

  it.each(["failure", "cancelled", "skipped", "Success", "", true, null, 1, { success: true }, ["success"]])(
    "takes %j for a failure",
    (result) => {
      expect(left(stack("staging-us", result), stack("staging-x-us"))).toEqual(["x-us/prod"]);
    },
  );

  it("needs support where it is deployed, and each hub's own result before its stack's", () => {
    const [success, failure] = ["success", "failure"];
    const hubs = [
      { cluster: "us", hub: "staging", result: success },
      { cluster: "x-us", hub: "staging", result: success },
    ];
    expect(left({ staging: hubs, support: [{ cluster: "us", result: success }] })).toEqual(ALL);
    expect(left({ staging: hubs, support: [{ cluster: "us", result: failure }] })).toEqual(["x-us/prod"]);
    expect(left({ staging: hubs })).toEqual(["x-us/prod"]);
    const failed = [{ cluster: "us", hub: "staging", result: failure }];
    expect(left({ staging: failed, ...stack("staging-us") }, stack("staging-x-us"))).toEqual([
      "us/free",
      "x-us/prod",
    ]);
  });

  it("takes what two results contradict each other about for a failure", () => {
    for (const results of [
      ["success", "failure"],
      ["failure", "success"],
    ]) {
      const documents = results.map((result) => stack("staging-us", result));
      expect(left(...documents, stack("staging-x-us"))).toEqual(["x-us/prod"]);
    }
  });

  it("tells a hub of a cluster from one whose names have the same letters", () => {
    const one = { staging: [{ cluster: "us/staging", hub: "", result: "success" }] };
    expect(left(one)).toEqual([]);
    expect(hubKey("a/b", "c")).not.toBe(hubKey("a", "b/c"));
  });

  it("holds a hub that a staging hub proves which the plan does not deploy", () => {
    const plan = { ...PLAN, staging: [] };
    const results = joined([parseResults(JSON.stringify(stack("staging-us")))]);
    expect(gatePlan(plan, results).prod).toEqual([prod("us", "free", [])]);
  });

  it.each([
    "",
    "{",
    "[]",
    '"success"',
    '{"stacks": {}}',
    '{"staging": [{"cluster": "us"}]}',
    '{"stacks": [null]}',
  ])("takes nothing from %j", (text) => {
    expect(() => parseResults(text)).toThrow(MalformedResults);
  });

  it("admits no hub without a success of all that it needs, whatever the results are", () => {
    const name = fc.constantFrom("us", "x-us", "staging-us", "staging-x-us", "staging", "prod", "other");
    const ending = { result: fc.constantFrom("success", "success", "failure", null) };
    const results = fc.record({
      support: fc.array(fc.record({ cluster: name, ...ending }), { maxLength: 3 }),
      staging: fc.array(fc.record({ cluster: name, hub: name, ...ending }), { maxLength: 4 }),
      stacks: fc.array(fc.record({ stack: name, ...ending }), { maxLength: 4 }),
    });
    fc.assert(
      fc.property(results, (document) => {
        const plan = gated(document);
        const { support, staging, stacks } = document;
        const succeeded = (all: { result: string | null }[]) =>
          all.length > 0 && all.every(({ result }) => result === "success");
        for (const { cluster, provenBy } of plan.prod) {
          const ofStack = stacks.filter(({ stack }) => stack === `staging-${cluster}`);
          const own = staging.filter((one) => one.cluster === cluster && one.hub === "staging");
          const ofSupport = support.filter((one) => one.cluster === cluster);
          if (provenBy.length > 0)
            expect(succeeded(own) || (own.length === 0 && succeeded(ofStack))).toBe(true);
          if (cluster === "us") {
            expect(succeeded(ofSupport) || (ofSupport.length === 0 && succeeded(ofStack))).toBe(true);
          }
        }
        expect(plan.prod.length + (plan.held?.length ?? 0)).toBe(PLAN.prod.length);
      }),
    );
  });
});
