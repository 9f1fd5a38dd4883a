import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import type { HubChanges } from "../../components/hub/objects/hub-changes.ts";
import type { Step } from "../model.ts";
import { rowCounts, treeLines } from "./tree.ts";

const urn = (type: string, name: string) => `urn:pulumi:sandbox::lectern::${type}::${name}`;

function step(op: Step["op"], type: string, name: string, more: Partial<Step> = {}): Step {
  return { op, type, name, urn: urn(type, name), changed: [], ...more };
}

const below = (type: string, name: string) => ({ parent: urn(type, name) });

const plainText = (line: string) => stripVTControlCharacters(line);
const plain = (lines: readonly string[]) =>
  lines.map((line) => line.replaceAll(/ {2,}(?=\S)/g, "  ").trimEnd());

describe("the tree of a plan", () => {
  const course = step("same", "lectern:Course", "bell");
  const article = step("update", "lectern:Article", "bell", {
    ...below("lectern:Course", "bell"),
    changed: ["parts.x"],
  });
  const gateway = step("same", "lectern:Gateway", "main");
  const restart = (op: Step["op"]) =>
    step(op, "lectern:GatewayRestart", "main", below("lectern:Gateway", "main"));

  it("shows a part with its component's name as the component", () => {
    expect(plain(treeLines([course, article]))).toEqual(["~ Course bell  update  parts.x"]);
    expect(rowCounts([course, article], true)).toEqual({ update: 1 });
  });

  it("leaves out the marker that an article's check fills in", () => {
    const changed = ["fingerprint", "validatedBy"];
    expect(plain(treeLines([course, { ...article, changed }]))).toEqual([
      "~ Course bell  update  fingerprint",
    ]);
  });

  it("shows a cluster's support below the cluster, although it has the cluster's name", () => {
    const steps = [
      step("same", "lectern:cluster:Cluster", "campus"),
      step("same", "lectern:cluster:Support", "campus", below("lectern:cluster:Cluster", "campus")),
      step("create", "kubernetes:helm.sh/v3:Release", "campus/support", {
        ...below("lectern:cluster:Support", "campus"),
      }),
    ];
    expect(plain(treeLines(steps))).toEqual(["= Cluster campus  same", "  + Support campus  create"]);
    expect(rowCounts(steps, true)).toEqual({ same: 1, create: 1 });
  });

  it("says of a hub's release what changes in it, not the digest of that, and no path that its details have", () => {
    const release = (changed: readonly string[], details: Partial<Step> = {}) => [
      step("same", "lectern:hub:Hub", "campus/prod", details),
      step("update", "kubernetes:helm.sh/v3:Release", "campus/prod", {
        ...below("lectern:hub:Hub", "campus/prod"),
        changed,
      }),
    ];
    const lineOf = (steps: readonly Step[]) => plain(treeLines(steps))[0];
    expect(lineOf(release(["description", "values.a", "timeout"]))).toBe(
      "~ Hub campus/prod  update  values.a, timeout",
    );
    expect(lineOf(release(["description"]))).toBe("~ Hub campus/prod  update  files of the chart");
    const values = [{ path: "a", change: "changed" as const }];
    const objects: HubChanges = { hub: "campus/prod", objects: [], values, effects: [] };
    expect(lineOf(release(["description", "values.a", "version"], { objects }))).toBe(
      "~ Hub campus/prod  update  version",
    );
  });

  it("shows a hub with its objects and what users notice, even where its values are all that is known", () => {
    const objects: HubChanges = {
      hub: "campus/staging",
      objects: [
        {
          ...{ apiVersion: "apps/v1", kind: "Deployment", name: "hub", change: "changed" },
          fields: [{ path: "x", change: "changed", text: "env LOG_LEVEL INFO → DEBUG" }],
        },
      ],
      values: [],
      effects: [{ kind: "hub-restart", text: "the hub restarts: spawning stops for about 10 s" }],
    };
    expect(
      treeLines([step("same", "lectern:hub:Hub", "campus-staging", { objects })]).map(plainText),
    ).toEqual([
      "= Hub campus-staging  same",
      "    Deployment hub: env LOG_LEVEL INFO → DEBUG",
      "    the hub restarts: spawning stops for about 10 s",
    ]);
  });

  it("shows a restart in its own row", () => {
    expect(plain(treeLines([gateway, restart("update")]))).toEqual([
      "= Gateway main  same",
      "  ~ GatewayRestart main  update",
    ]);
  });

  it("does not count an article of which only the ledger was created", () => {
    const made = step("create", "lectern:Course", "dice");
    const ledger = step("create", "x:y/lectern:ArticleLedger", "dice", below("lectern:Course", "dice"));
    expect(rowCounts([made, ledger], false)).toEqual({});
    const created = step("create", "x:y/lectern:Article", "dice", below("lectern:Course", "dice"));
    expect(rowCounts([made, ledger, created], true)).toEqual({ create: 1 });
  });

  it("does not count a component whose parts an interrupted run did not reach", () => {
    const made = step("create", "lectern:Course", "dice");
    expect(rowCounts([made], false)).toEqual({});
    expect(rowCounts([made], true)).toEqual({ create: 1 });
  });

  it("counts an article once whose component never ended, as Pulumi ends none that has failed", () => {
    const part = (type: string, name: string, more: Partial<Step> = {}) =>
      step("create", `x:y/lectern:${type}`, name, { ...below("lectern:Course", name), ...more });
    const steps = [
      part("ArticleLedger", "bell"),
      part("ArticleLedger", "dice"),
      part("Article", "dice"),
      part("ArticleLedger", "walks"),
      part("Article", "walks", { error: "no answer" }),
    ];
    expect(rowCounts(steps, false)).toEqual({ create: 1, failed: 1 });
    expect(plain(treeLines(steps))).toEqual(["+ Course dice  create", "✗ Course walks  failed"]);
  });

  it("does not count a component that never ended and has no part, whatever was done below it", () => {
    const daemon = (name: string, more: Partial<Step> = {}) =>
      step("create", "kubernetes:apps/v1:DaemonSet", name, {
        ...below("lectern:ImagePrepuller", "campus"),
        ...more,
      });
    const steps = [daemon("campus-small"), daemon("campus-large", { error: "no answer" })];
    expect(rowCounts(steps, false)).toEqual({ create: 1, failed: 1 });
  });

  it("shows an article whose ledger was rejected", () => {
    const made = step("create", "lectern:Course", "dice");
    const ledger = step("create", "x:y/lectern:ArticleLedger", "dice", {
      ...below("lectern:Course", "dice"),
      error: "course.json is not JSON",
    });
    expect(plain(treeLines([made, ledger]))).toEqual(["✗ Course dice  failed"]);
  });

  it("leaves out unchanged resources unless all are requested", () => {
    const steps = [course, gateway, restart("same")];
    expect(treeLines(steps)).toEqual([]);
    expect(treeLines(steps, { all: true })).toHaveLength(3);
  });
});
