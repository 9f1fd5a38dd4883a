import { spawnSync } from "node:child_process";
import { existsSync, globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { requireService } from "../require.ts";

const REPOSITORY = join(import.meta.dirname, "../../..");
const CACHE = join(REPOSITORY, ".cache/services");
const WORKFLOWS = globSync(
  [".github/workflows/*.yml", "templates/institution/.github/workflows/*.yml", "examples/*.yml"],
  { cwd: REPOSITORY },
).sort();
const ACTIONS = ["action.yml"];

const built = (path: string) => (existsSync(join(CACHE, path)) ? join(CACHE, path) : undefined);

/** Whatever the machine has of shellcheck and pyflakes, the result is the same. */
const actionlintArgs = ["-config-file", ".github/actionlint.yaml", "-no-color", "-shellcheck=", "-pyflakes="];
const zizmorArgs = ["--offline", "--no-progress", "--color=never", "--config", ".github/zizmor.yml"];

function call(program: string, args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: REPOSITORY, encoding: "utf8" });
  return { status, printed: stdout + stderr };
}

const folder = mkdtempSync(join(tmpdir(), "lectern-linted-"));
afterAll(() => rmSync(folder, { recursive: true }));

const expression = (text: string) => `\${{ ${text} }}`;

/** A workflow with a mistake that a linter has to find: one that finds nothing anywhere proves nothing. */
function faulty(name: string, step: string): string {
  const place = join(folder, ".github/workflows");
  mkdirSync(place, { recursive: true });
  const head =
    "name: x\non: pull_request\npermissions: {}\njobs:\n  x:\n    runs-on: ubuntu-24.04\n    steps:\n";
  writeFileSync(join(place, name), `${head}      - ${step}\n`);
  return join(place, name);
}

requireService(
  "actionlint",
  () => built("actionlint/actionlint"),
  (actionlint) => {
    it("every workflow passes actionlint", () => {
      expect(WORKFLOWS.length).toBeGreaterThan(8);
      expect(call(actionlint, [...actionlintArgs, ...WORKFLOWS])).toEqual({ status: 0, printed: "" });
    });

    it("actionlint finds a mistake", () => {
      const file = faulty("typo.yml", `run: echo ${expression("github.evnt.number")}`);
      expect(call(actionlint, [...actionlintArgs, file]).printed).toContain('"evnt" is not defined');
    });
  },
);

requireService(
  "zizmor",
  () => built("zizmor/bin/zizmor"),
  (zizmor) => {
    it("every workflow and the action pass zizmor", () => {
      const { status, printed } = call(zizmor, [...zizmorArgs, ...WORKFLOWS, ...ACTIONS]);
      expect(printed).toContain("No findings to report");
      expect(status).toBe(0);
    });

    it("zizmor finds an injection and an action that is not pinned", () => {
      const injection = faulty(
        "injection.yml",
        `run: echo "${expression("github.event.pull_request.title")}"`,
      );
      const unpinned = faulty("unpinned.yml", "uses: pulumi/actions@v6");
      const { status, printed } = call(zizmor, [...zizmorArgs, injection, unpinned]);
      expect(printed).toMatch(/template-injection[\s\S]*unpinned-uses/);
      expect(status).not.toBe(0);
    });
  },
);
