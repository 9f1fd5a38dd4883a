import { globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../testing/command-test.ts";
import { keptFiles } from "./kept-files.ts";
import { moveWorkflows, withPin } from "./workflow-pins.ts";

const root = temporaryFolder("pins");
const [OLD, NEW] = ["0".repeat(40), "0123456789".repeat(4)];
const PIN = { repository: "our-lab/lectern", commit: NEW, version: "0.2.0" };

const PATH = ".github/workflows/plan.yml";
function installed(manifest: object): void {
  for (const folder of [".github/workflows", "node_modules/lectern"])
    mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, "node_modules/lectern/package.json"), JSON.stringify(manifest));
  writeFileSync(join(root, PATH), `    uses: our-lab/lectern/${PATH}@${OLD} # v0.1.0\n`);
}

it("calls Lectern's workflows by the hash of a commit, from the template or from another version", () => {
  const pinned = `    uses: our-lab/lectern/${PATH}@${NEW} # v0.2.0\n`;
  expect(withPin(`    uses: my-organization/lectern/${PATH}@COMMIT\n`, PIN)).toBe(pinned);
  expect(withPin(`    uses: our-lab/lectern/${PATH}@${OLD} # v0.1.0\n`, PIN)).toBe(pinned);
  expect(withPin(pinned, PIN)).toBe(pinned);
  const other = `    uses: other/lectern/${PATH}@${OLD} # v1\n      - uses: actions/checkout@${OLD} # v5.0.0\n`;
  expect(withPin(other, PIN)).toBe(other);
});

it("pins every call of the template", () => {
  const template = resolve(import.meta.dirname, "../../templates/institution/.github/workflows");
  const texts = globSync("*.yml", { cwd: template }).map((name) =>
    readFileSync(join(template, name), "utf8"),
  );
  expect(texts.length).toBeGreaterThan(4);
  for (const text of texts) {
    const calls = withPin(text, PIN).match(/uses: .*$/gm) ?? [];
    expect(calls.filter((call) => !call.endsWith(`@${NEW} # v0.2.0`))).toEqual([]);
  }
});

it("moves a repository's workflows with the package, and keeps what they were", () => {
  const repository = { url: "git+https://github.com/our-lab/lectern.git" };
  installed({ version: "0.2.0", gitHead: NEW, repository });
  expect(moveWorkflows(root)).toEqual([`${PATH}: calls the workflows of 0.2.0`]);
  expect(readFileSync(join(root, PATH), "utf8")).toContain(`@${NEW} # v0.2.0\n`);
  expect(keptFiles(root)).toEqual([PATH]);
  expect(moveWorkflows(root)).toEqual([]);
});

it("leaves the workflows where the package does not say what it was made of", () => {
  installed({ version: "0.2.0" });
  expect(moveWorkflows(root)).toEqual([]);
});
