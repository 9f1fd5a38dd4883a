import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { planDeployment } from "../../plan/deployment/plan-deployment.ts";
import { someCatalog, someProject } from "../../plan/deployment/testing/some-catalog.ts";
import { capturePrinted, temporaryFolder } from "../testing/command-test.ts";
import { gate } from "./gate.ts";

const folder = temporaryFolder("gate");
const { out, err } = capturePrinted();

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

const plan = () =>
  file(
    "plan.json",
    planDeployment({
      changed: ["catalog/clusters/campus/common.yaml"],
      catalog: someCatalog(),
      project: someProject(),
    }),
  );

const run = (results: string[], matrix?: string) =>
  gate({ plan: plan(), results, format: "json", ...(matrix === undefined ? {} : { matrix }) });

it("prints the plan that is left, and the stacks to run", async () => {
  const matrix = join(folder, "outputs");
  const results = file("results.json", { stacks: [{ stack: "staging", result: "success" }] });
  expect(await run([results], matrix)).toBe(0);
  expect(JSON.parse(out.join("")).prod).toHaveLength(2);
  expect(readFileSync(matrix, "utf8")).toBe('staging=["staging"]\nprod=["prod"]\n');
});

it.each([
  [
    "is missing",
    undefined,
    /none\.json: it can't be read \(ENOENT\); what it should tell of counts as failed/,
  ],
  ["is no JSON", "<html>", /it is not JSON; what it should tell of counts as failed/],
  ["says nothing of a stack", '{"stacks": [{"result": "success"}]}', /stacks\.0\.stack: Invalid input/],
])("holds production where a document of results %s, and says so", async (_, content, message) => {
  const results = content === undefined ? join(folder, "none.json") : file("results.json", content);
  const matrix = join(folder, "outputs");
  expect(await run([results], matrix)).toBe(0);
  expect(err.join("")).toMatch(message);
  expect(JSON.parse(out.join(""))).toMatchObject({
    prod: [],
    held: [{ hub: "biology" }, { hub: "physics", reason: "the staging hub campus/staging has no result" }],
  });
  expect(readFileSync(matrix, "utf8")).toContain("prod=[]\n");
});

it("shows what it holds", async () => {
  expect(await gate({ plan: plan(), results: [], format: "table" })).toBe(0);
  expect(out.join("")).toContain("Held\n  campus/biology  the staging hub campus/staging has no result\n");
  out.length = 0;
  expect(await gate({ plan: plan(), results: [], format: "markdown" })).toBe(0);
  expect(out.join("")).toContain("### Held\n\n| Hub | Why |\n");
});

it.each([
  ["{", /the plan is not JSON/],
  ["{}", /version: .*Write it with `lectern plan --format json`/],
  ['{"version": 2}', /version/],
])("fails, and prints nothing, where the plan is %j", async (content, message) => {
  const options = {
    plan: file("plan.json", content),
    results: [],
    format: "json",
    matrix: join(folder, "o"),
  } as const;
  expect(await gate(options)).toBe(1);
  expect(err.join("")).toMatch(message);
  expect(out).toEqual([]);
  expect(() => readFileSync(options.matrix)).toThrow("ENOENT");
});
