import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, it } from "vitest";
import { temporaryFolder } from "../../testing/command-test.ts";
import { checkWorkflows } from "./workflows.ts";

const root = temporaryFolder("workflows");
const [OLD, NEW] = ["0".repeat(40), "0123456789".repeat(4)];
const PATH = ".github/workflows/plan.yml";

beforeEach(() => {
  for (const folder of [".github/workflows", "node_modules/lectern"])
    mkdirSync(join(root, folder), { recursive: true });
  installed({
    version: "0.2.0",
    gitHead: NEW,
    repository: { url: "git+https://github.com/our-lab/lectern.git" },
  });
});
const installed = (manifest: object) =>
  writeFileSync(join(root, "node_modules/lectern/package.json"), JSON.stringify(manifest));
const calls = (uses: string) => writeFileSync(join(root, PATH), `jobs:\n  plan:\n    uses: ${uses}\n`);

it("finds nothing missing where workflows call those of the installed version, and nothing at all without any", () => {
  expect(checkWorkflows(root)).toEqual([]);
  calls(`our-lab/lectern/${PATH}@${NEW} # v0.2.0`);
  expect(checkWorkflows(root)).toEqual([
    { state: "passed", message: "workflows call those of lectern 0.2.0" },
  ]);
  calls(`./${PATH}`);
  expect(checkWorkflows(root)).toEqual([]);
});

it.each([
  [`my-organization/lectern/${PATH}@COMMIT`, "workflows still call the template's placeholder: plan.yml"],
  [`our-lab/lectern/${PATH}@COMMIT`, "workflows still call the template's placeholder: plan.yml"],
  [`our-lab/lectern/${PATH}@${OLD} # v0.1.0`, "workflows call those of another version: plan.yml"],
])("has a command for %s", (uses, message) => {
  calls(uses);
  const fix = "npx lectern upgrade --to 0.2.0 --no-preview";
  expect(checkWorkflows(root)).toEqual([{ state: "failed", message, fix }]);
});

it("tells what to write where the package does not say what it was made of", () => {
  installed({ version: "0.2.0" });
  calls(`our-lab/lectern/${PATH}@${OLD}`);
  expect(checkWorkflows(root)).toEqual([]);
  calls(`my-organization/lectern/${PATH}@COMMIT`);
  expect(checkWorkflows(root)).toMatchObject([
    { state: "failed", fix: expect.stringMatching(/^Replace my-organ/) },
  ]);
});
