import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { expect, it } from "vitest";
import { planSchema } from "../../plan/model.ts";
import { capturePrinted, temporaryFolder } from "../testing/command-test.ts";
import { showPlan } from "./plan.ts";

const COURSE = "urn:pulumi:prod::lectern::lectern:article:Course::bell";
const ARTICLE =
  "urn:pulumi:prod::lectern::lectern:article:Course$pulumi-nodejs:dynamic/lectern:Article::bell";
const PREVIEW = {
  steps: [
    { op: "same", urn: COURSE, oldState: {}, newState: {} },
    {
      op: "update",
      urn: ARTICLE,
      oldState: { parent: COURSE, inputs: { title: "Old" } },
      newState: { parent: COURSE, inputs: { title: "New" } },
    },
  ],
  diagnostics: [{ message: "warning: kernel python is held\n", severity: "warning" }],
  changeSummary: { same: 1, update: 1 },
};

const folder = temporaryFolder("plan");
const { out, err } = capturePrinted();

function file(content: unknown): string {
  const path = join(folder, "preview.json");
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

it("shows a preview of the Pulumi CLI as the sandbox shows its own, warnings first", async () => {
  expect(await showPlan(file(PREVIEW), {})).toBe(0);
  expect(stripVTControlCharacters(out.join(""))).toBe(
    "  ! kernel python is held\n\nPlan\n  ~ Course bell  update  title\n\nPlan: 1 to update.\n",
  );
});

it("prints its data of the published shape", async () => {
  expect(await showPlan(file(PREVIEW), { json: true })).toBe(0);
  expect(planSchema.parse(JSON.parse(out.join(""))).summary).toEqual({ same: 1, update: 1 });
});

it("fails where the preview failed", async () => {
  const diagnostics = [{ message: "error: lectern:apiKey: the API key is missing", severity: "error" }];
  expect(await showPlan(file({ diagnostics }), {})).toBe(1);
  expect(out.join("")).toContain("lectern:apiKey: the API key is missing");
});

it.each([
  [
    "error: no stack named 'prod' found",
    /it is not JSON, but begins with: error: no stack named 'prod' found/,
  ],
  ["", /it is empty: the preview failed/],
  ["[]", /pulumi preview --json/],
])("says of %j that it is no plan", async (content, message) => {
  expect(await showPlan(file(content), {})).toBe(1);
  expect(err.join("")).toMatch(message);
  expect(out).toEqual([]);
});

it("names a file that can't be read", async () => {
  expect(await showPlan(join(folder, "none.json"), {})).toBe(1);
  expect(err.join("")).toMatch(/none\.json: the file can't be read \(ENOENT\)/);
});
