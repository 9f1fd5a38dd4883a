import { describe, expect, it } from "vitest";
import { changesMessage } from "../components/hub/objects/changes-message.ts";
import { planFromPulumi } from "./from-pulumi.ts";
import { planSchema } from "./model.ts";
import { planLines } from "./terminal/report.ts";

const STACK = "urn:pulumi:prod::lectern::pulumi:pulumi:Stack::lectern-prod";
const COURSE = "urn:pulumi:prod::lectern::lectern:Course::bell";
const ARTICLE = "urn:pulumi:prod::lectern::lectern:Course$pulumi-nodejs:dynamic/lectern:Article::bell";
const KERNEL = "urn:pulumi:prod::lectern::pulumi-nodejs:dynamic/lectern:Kernelspec::py::3";

/** A document as `pulumi preview --json --show-sames` of the CLI 3.260 prints it, shortened. */
const PREVIEW = {
  config: { "lectern:apiKey": "[secret]" },
  steps: [
    step("same", STACK, { oldState: {}, newState: {} }),
    step("same", COURSE, { oldState: { parent: STACK }, newState: { parent: STACK } }),
    step("update", ARTICLE, {
      oldState: {
        parent: COURSE,
        inputs: {
          __provider: "old text",
          title: "Old",
          parts: { "chapter 1": "canary-a" },
          token: "[secret]",
        },
        outputs: { title: "Old", url: "canary-url" },
      },
      newState: {
        parent: COURSE,
        inputs: {
          __provider: "new text",
          title: "Old",
          parts: { "chapter 1": "canary-b" },
          token: "[secret]",
        },
      },
    }),
    step("create-replacement", KERNEL, { newState: { inputs: { name: "canary-c" } } }),
    step("replace", KERNEL, {
      oldState: { parent: STACK, inputs: { name: "canary-d" } },
      newState: { parent: STACK, inputs: { name: "canary-c" } },
      replaceReasons: ["name"],
    }),
  ],
  diagnostics: [
    { message: "warning: course/bell is held\n", severity: "warning", urn: COURSE },
    { message: "a line of the program\n", severity: "info#err" },
    { message: "debug: noise\n", severity: "debug" },
  ],
  duration: 4846806191,
  changeSummary: { same: 2, update: 1, replace: 1 },
};

function step(op: string, urn: string, more: object) {
  return { op, urn, ...more, detailedDiff: null };
}

describe("the plan of a real engine's preview", () => {
  const plan = planFromPulumi(PREVIEW);

  it("has the same operations, types, names, parents and changed paths as the sandbox's", () => {
    expect(plan.steps.slice(2)).toEqual([
      {
        op: "update",
        urn: ARTICLE,
        type: "pulumi-nodejs:dynamic/lectern:Article",
        name: "bell",
        parent: COURSE,
        changed: ['parts["chapter 1"]'],
      },
      {
        op: "replace",
        urn: KERNEL,
        type: "pulumi-nodejs:dynamic/lectern:Kernelspec",
        name: "py::3",
        parent: STACK,
        changed: ["name"],
        replaces: ["name"],
      },
    ]);
    expect(plan.summary).toEqual({ same: 2, update: 1, replace: 1 });
  });

  it("takes diagnostics without the CLI's prefix and without debug messages", () => {
    expect(plan.diagnostics).toEqual([
      { severity: "warning", message: "course/bell is held", urn: COURSE },
      { severity: "info", message: "a line of the program" },
    ]);
    expect(plan.ok).toBe(true);
  });

  it("is of the published shape and copies no value of a state", () => {
    expect(planSchema.parse(plan)).toEqual(plan);
    expect(JSON.stringify(plan)).not.toMatch(/canary|secret|text/);
  });

  it("is shown as the sandbox's plans are", () => {
    expect(planLines(plan).map((line) => line.replaceAll(/ {2,}(?=\S)/g, "  "))).toEqual([
      "",
      "Plan",
      '  ~ Course bell  update  parts["chapter 1"]',
      "  ± Kernelspec py::3  replace  name",
      "",
      "Plan: 1 to update, 1 to replace.",
    ]);
  });
});

it("names what a provider reports as changed where the inputs show no difference", () => {
  const states = { oldState: { inputs: { key: "[secret]" } }, newState: { inputs: { key: "[secret]" } } };
  const changedOf = (more: object) =>
    planFromPulumi({ steps: [{ ...step("update", KERNEL, states), ...more }] }).steps[0]?.changed;
  expect(changedOf({ detailedDiff: { "key.a": { kind: "update", inputDiff: true } } })).toEqual(["key.a"]);
  expect(changedOf({ diffReasons: ["key"] })).toEqual(["key"]);
  expect(changedOf({})).toEqual([]);
});

it("fails where the preview has an error", () => {
  const diagnostics = [{ message: "error: bad input\n", severity: "error", urn: ARTICLE }];
  const plan = planFromPulumi({ diagnostics });
  expect(plan).toMatchObject({
    ok: false,
    steps: [],
    diagnostics: [{ severity: "error", message: "bad input" }],
  });
});

it.each([
  ["no object", [], /pulumi preview --json/],
  ["an unknown operation", { steps: [step("import", ARTICLE, {})] }, /steps\[0\]\.op/],
])("%s is rejected with its place", (_, document, message) => {
  expect(() => planFromPulumi(document)).toThrow(message);
});

it("has the changes of a hub's objects with the hub's step", () => {
  const hub = "urn:pulumi:prod::lectern::lectern:hub:Hub::campus-prod";
  const changes = { hub: "campus/prod", objects: [], relabelled: 2, values: [], effects: [] };
  const diagnostics = [{ message: `info: ${changesMessage(changes)}\n`, severity: "info", urn: hub }];
  const plan = planFromPulumi({ steps: [step("same", hub, {})], diagnostics });
  expect(plan.steps).toMatchObject([{ objects: changes }]);
  expect(plan.diagnostics).toEqual([]);
  expect(planSchema.parse(plan)).toEqual(plan);
});
