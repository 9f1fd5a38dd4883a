import { expect, it } from "vitest";
import type { Step } from "../plan/model.ts";
import { leftBehind } from "./left-behind.ts";

const step = (name: string, type: string, change: Partial<Step> = {}): Step => ({
  op: "delete",
  urn: `urn:pulumi:sandbox::lectern::${type}::${name}`,
  type,
  name,
  changed: [],
  ...change,
});
const NAMESPACE = "kubernetes:core/v1:Namespace";
const STEPS = [
  step("campus/staging", NAMESPACE),
  step("campus/prod", NAMESPACE),
  step("campus/other", NAMESPACE, { error: "refused" }),
  step("campus/staging", "kubernetes:helm.sh/v3:Release"),
];

it("names the namespaces that stay on a cluster after everything was destroyed", () => {
  expect(leftBehind({ operation: "destroy", steps: STEPS }, "my config")).toBe(
    "\nThese namespaces stay, with the volumes of users in them: prod, staging.\nTo delete them: kubectl --kubeconfig 'my config' delete namespace prod staging",
  );
});

it("says nothing where nothing stays, where something else was done, and where there is no cluster", () => {
  expect(leftBehind({ operation: "destroy", steps: [] }, "config")).toBeUndefined();
  expect(leftBehind({ operation: "up", steps: STEPS }, "config")).toBeUndefined();
  expect(leftBehind({ operation: "destroy", steps: STEPS }, undefined)).toBeUndefined();
});
