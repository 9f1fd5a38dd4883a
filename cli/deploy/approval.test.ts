import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { boundPlan, digestOfPlan } from "../../plan/digest/plan-digest.ts";
import { temporaryFolder } from "../testing/command-test.ts";
import { type Approval, approvalsOf, differenceFrom } from "./approval.ts";

const KERNEL = "urn:pulumi:prod::lectern::pulumi-nodejs:dynamic/lectern:Kernelspec::python";
const preview = (image: string) => ({
  steps: [
    {
      op: "update",
      urn: KERNEL,
      oldState: { inputs: { image: "canary-old" } },
      newState: { inputs: { image } },
    },
  ],
});
const PLAN = boundPlan(preview("canary-1"));
const DIGEST = digestOfPlan(PLAN);

const folder = temporaryFolder("approval");
function file(content: unknown): string {
  const path = join(folder, "prod.json");
  writeFileSync(path, JSON.stringify(content));
  return path;
}

describe("what is approved", () => {
  it("is nothing that binds where nobody asks for it", async () => {
    expect(await approvalsOf({}, ["prod"])).toBeUndefined();
  });

  it("is one digest per stack, or one alone where one stack is deployed", async () => {
    const short = DIGEST.slice(0, 16);
    const approvals = await approvalsOf({ planDigest: [short], approvedPlan: [file(PLAN)] }, ["prod"]);
    expect(approvals).toEqual(new Map([["prod", { digest: short, plan: PLAN }]]));
    const many = await approvalsOf({ planDigest: [`prod-a=${DIGEST}`, `prod-b=${short}`] }, [
      "prod-a",
      "prod-b",
    ]);
    expect([...(many?.keys() ?? [])]).toEqual(["prod-a", "prod-b"]);
    const joined = `prod-a=${DIGEST},prod-b=${short}`;
    expect(await approvalsOf({ planDigest: [joined] }, ["prod-a", "prod-b"])).toEqual(many);
  });

  it.each<[string, Parameters<typeof approvalsOf>[0], string[], RegExp]>([
    [
      "a stack without one",
      { planDigest: [`prod=${DIGEST}`] },
      ["prod", "prod-b"],
      /stack prod-b would be deployed without an approved plan/,
    ],
    [
      "a stack that is not deployed",
      { planDigest: [`prof=${DIGEST}`] },
      ["prod"],
      /no stack "prof". Did you mean "prod"/,
    ],
    ["a digest that is too short", { planDigest: ["prod=9f2c"] }, ["prod"], /at least 16 of its digits/],
    ["a digest of no stack", { planDigest: [DIGEST] }, ["a", "b"], /not known which stack/],
  ])("can't be %s", async (_, options, stacks, message) => {
    await expect(approvalsOf(options, stacks)).rejects.toThrow(message);
  });

  it("is no file of another plan, nor one that is no plan", async () => {
    const other = file(boundPlan(preview("canary-2")));
    await expect(approvalsOf({ planDigest: [DIGEST], approvedPlan: [other] }, ["prod"])).rejects.toThrow(
      /is not the one that was approved of prod/,
    );
    await expect(approvalsOf({ planDigest: [DIGEST], approvedPlan: [file({})] }, ["prod"])).rejects.toThrow(
      /is no approved plan/,
    );
  });
});

describe("a preview that is compared with what is approved", () => {
  const approved: Approval = { digest: DIGEST.slice(0, 16), plan: PLAN };

  it("passes where it does the very same", () => {
    expect(differenceFrom(approved, preview("canary-1"))).toEqual([]);
  });

  it("tells what is new, without a value", () => {
    const news = differenceFrom(approved, preview("canary-2")).join("\n");
    expect(news).toMatch(
      /^the plan is [0-9a-f]{16} now, and [0-9a-f]{16} was approved: nothing is deployed\n/,
    );
    expect(news).toContain("another change of image: update Kernelspec python");
    expect(news).not.toContain("canary");
    expect(differenceFrom({ digest: DIGEST }, preview("canary-2"))[1]).toMatch(/^the plan has now: update/);
    expect(differenceFrom(approved, { steps: [] })[1]).toBe("the plan has no change any more");
  });
});
