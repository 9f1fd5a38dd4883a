import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import type { RunReport, Step } from "../model.ts";
import { planLines, resultLines } from "./report.ts";

const COURSE = "urn:pulumi:sandbox::lectern::lectern:article:Course::";

/** The steps of a course: its component, and those of its parts that began. */
function course(name: string, parts: Partial<Record<"ArticleLedger" | "Article", Partial<Step>>>): Step[] {
  const part = (type: string, more: Partial<Step>): Step => ({
    op: "create",
    type: `pulumi-nodejs:dynamic/lectern:${type}`,
    name,
    urn: `${COURSE.replace("Course::", `Course$x/lectern:${type}::`)}${name}`,
    parent: `${COURSE}${name}`,
    changed: [],
    ...more,
  });
  const component: Step = {
    op: parts.ArticleLedger?.op ?? "create",
    type: "lectern:article:Course",
    name,
    urn: `${COURSE}${name}`,
    changed: [],
  };
  return [component, ...Object.entries(parts).map(([type, more]) => part(type, more))];
}

const failedRun = (operation: "preview" | "up", steps: readonly Step[]): RunReport => ({
  version: 1,
  operation,
  ok: false,
  steps,
  summary: {},
  diagnostics: [],
  outputs: {},
  progress: [],
});
const last = (lines: readonly string[]) => stripVTControlCharacters(lines.at(-1) ?? "");
const ofRun = (steps: readonly Step[]) => last(resultLines(failedRun("up", steps)));
const ofPlan = (steps: readonly Step[]) => last(planLines(failedRun("preview", steps)));

it("an article that leaves the catalog is forgotten, as the qBook API can't delete", () => {
  const steps = course("bell", { ArticleLedger: { op: "delete" }, Article: { op: "delete" } });
  const plan = planLines({ ...failedRun("preview", steps), ok: true }).map(stripVTControlCharacters);
  expect(plan.slice(2)).toEqual(["  - Course bell  forget", "", "Plan: 1 to forget."]);
  expect(last(resultLines({ ...failedRun("up", steps), ok: true }))).toBe("Done: 1 forgotten.");
});

it("a hub names each value that changes once, and not the digest of them", () => {
  const parent = "urn:pulumi:sandbox::lectern::lectern:hub:Hub::campus/staging";
  const part = (type: string, changed: string[]): Step => {
    const urn = `urn:pulumi:sandbox::lectern::lectern:hub:Hub$${type}::campus/staging`;
    return { op: "update", urn, type, name: "campus/staging", parent, changed };
  };
  const steps = [
    part("pulumi-nodejs:dynamic/lectern:ReleaseLease", ["change", "timeout"]),
    part("kubernetes:helm.sh/v3:Release", ["description", "timeout"]),
    part("pulumi-nodejs:dynamic/lectern:ReleaseDrift", ["change", "timeout"]),
  ];
  const plan = planLines({ ...failedRun("preview", steps), ok: true }).map(stripVTControlCharacters);
  expect(plan[2]).toMatch(/^ {2}~ Hub campus\/staging {2}update {2}timeout$/);
});

it("a namespace is forgotten, as it stays with the volumes in it", () => {
  const urn =
    "urn:pulumi:sandbox::lectern::lectern:cluster:Cluster$kubernetes:core/v1:Namespace::campus/staging";
  const type = "kubernetes:core/v1:Namespace";
  const steps: Step[] = [{ op: "delete", urn, type, name: "campus/staging", changed: [] }];
  const report = { ...failedRun("up", steps), ok: true };
  expect(last(resultLines(report))).toBe("Done: 1 forgotten.");
});

it("a question that an article and its ledger both ask is shown once", () => {
  const steps = course("bell", {
    ArticleLedger: { error: "folder: is it new?" },
    Article: { error: "is it new?" },
  });
  const plan = planLines(failedRun("preview", steps)).map(stripVTControlCharacters);
  expect(plan.filter((line) => line.includes("is it new?"))).toHaveLength(1);
});

describe("the last line of a run that failed", () => {
  it("counts what failed, and does not say that nothing changed after a call that may have arrived", () => {
    const lost = course("bell", { ArticleLedger: {}, Article: { error: "no answer" } });
    expect(ofRun(lost)).toBe("1 failed.");
    const done = course("dice", { ArticleLedger: {}, Article: {} });
    expect(ofRun([...lost, ...done])).toBe("1 failed, 1 created.");
  });

  it("calls nothing unchanged that does not exist", () => {
    const bad = ["bell", "dice"].flatMap((name) => course(name, { ArticleLedger: { error: "is no JSON" } }));
    expect(ofRun(bad)).toBe("2 failed.");
    const announced = course("bell", { ArticleLedger: {} });
    expect(ofRun(announced)).toBe("Failed: nothing was changed.");
    expect(ofPlan(course("bell", { ArticleLedger: { op: "same" } }))).toBe("Failed: the plan is incomplete.");
  });

  it("says what the plan has so far", () => {
    const planned = course("dice", { ArticleLedger: {}, Article: {} });
    const bad = course("bell", { ArticleLedger: { error: "is no JSON" } });
    expect(ofPlan([...planned, ...bad])).toBe("Failed: the plan is incomplete (1 failed, 1 to create).");
  });
});
