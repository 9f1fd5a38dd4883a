import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { changesMessage } from "../../components/hub/objects/changes-message.ts";
import type { HubChanges } from "../../components/hub/objects/hub-changes.ts";
import { boundPlan, digestOfPlan } from "./plan-digest.ts";

const KERNEL = "urn:pulumi:prod::lectern::pulumi-nodejs:dynamic/lectern:Kernelspec::python";
const HUB = "urn:pulumi:prod::lectern::lectern:hub:Hub::campus/prod";

const update = (before: object, after: object, urn = KERNEL) => ({
  op: "update",
  urn,
  oldState: { inputs: before },
  newState: { inputs: after },
});
const digest = (steps: readonly object[], more: object = {}) => digestOfPlan(boundPlan({ steps, ...more }));
const base = update({ image: "a", env: { X: "1" } }, { image: "b", env: { X: "1" } });

describe("the digest of a plan", () => {
  it("is the same whatever the order, the time and the commit of an unchanged provider's code are", () => {
    const other = { op: "create", urn: `${KERNEL}-2`, newState: { inputs: { b: 1, a: 2 } } };
    const turned = { op: "create", urn: `${KERNEL}-2`, newState: { inputs: { a: 2, b: 1 } } };
    const coded = update(
      { image: "a", env: { X: "1" }, __provider: "one" },
      { image: "b", env: { X: "1" }, __provider: "two" },
    );
    const unchanged = { op: "same", urn: `${KERNEL}-3`, oldState: {}, newState: {} };
    expect(digest([turned, unchanged, coded], { duration: 2, diagnostics: [] })).toBe(
      digest([base, other], { duration: 1 }),
    );
  });

  it.each<[string, object[]]>([
    ["another new value", [update({ image: "a" }, { image: "c" })]],
    ["another old value", [update({ image: "x" }, { image: "b" })]],
    ["another operation", [{ ...base, op: "replace" }]],
    ["another resource", [update({ image: "a" }, { image: "b" }, `${KERNEL}-2`)]],
    ["one more", [base, { op: "delete", urn: `${KERNEL}-2`, oldState: {} }]],
    ["nothing", []],
  ])("differs with %s", (_, steps) => {
    expect(digest(steps)).not.toBe(digest([base]));
  });

  it("differs where two previews would do different things, and only there", () => {
    const inputs = fc.dictionary(fc.constantFrom("a", "b", "c"), fc.jsonValue({ maxDepth: 2 }), {
      maxKeys: 3,
    });
    fc.assert(
      fc.property(inputs, inputs, (one, two) => {
        const created = (given: object) =>
          digest([{ op: "create", urn: KERNEL, newState: { inputs: given } }]);
        const alike = JSON.stringify(canonical(one)) === JSON.stringify(canonical(two));
        expect(created(one) === created(two)).toBe(alike);
      }),
    );
  });

  it("counts what changes in a hub's cluster, but neither running servers nor generated values", () => {
    const field = { path: "spec.x", change: "changed" as const, text: "x 1 → 2" };
    const changes = (more: Partial<HubChanges>): HubChanges => ({
      hub: "campus/prod",
      objects: [{ apiVersion: "v1", kind: "ConfigMap", name: "hub", change: "changed", fields: [field] }],
      values: [],
      effects: [],
      ...more,
    });
    const of = (more: Partial<HubChanges>) =>
      digest([base], {
        diagnostics: [{ severity: "info", urn: HUB, message: `info: ${changesMessage(changes(more))}\n` }],
      });
    expect(of({ effects: [{ kind: "servers", text: "41 running servers go on" }] })).toBe(of({}));
    const generated = (text: string) =>
      of({
        objects: [
          {
            ...{ apiVersion: "v1", kind: "Secret", name: "hub", change: "changed" as const },
            fields: [{ ...field, text, generated: true }],
          },
        ],
      });
    expect(generated("one")).toBe(generated("two"));
    expect(of({})).not.toBe(generated("one"));
    expect(of({})).not.toBe(digest([base]));
  });

  it("has no value in it", () => {
    const plan = boundPlan({ steps: [update({ image: "canary-old" }, { image: "canary-new" })] });
    expect(JSON.stringify(plan)).not.toContain("canary");
    expect(Object.keys(plan[0]?.changed ?? {})).toEqual(["image"]);
  });
});

/** With the keys of each object in order. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => [key, canonical(inner)]);
}
