import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { parse } from "yaml";
import { runStep } from "./job.ts";

const NAME = "Look for places for the events of the next 48 hours";
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lectern-places-step-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the step where `lectern calendar --preflight` does what a script says. */
function step(script: string) {
  writeFileSync(join(folder, "lectern.sh"), `[ "$*" = "calendar --preflight" ] || exit 9\n${script}\n`);
  writeFileSync(join(folder, "package.json"), '{"scripts": {"lectern": "sh ./lectern.sh"}}');
  return runStep("drift.yml", "drift", NAME, { folder, runner: join(folder, "runner") });
}

it.each([
  [0, "✓ Algebra"],
  [3, "✗ Algebra"],
])("what the preflight prints is in the summary, and its code is the step's: %i", async (code, line) => {
  const ran = await step(`echo "${line}"; echo "warning: a copy is used" >&2; exit ${code}`);
  expect([ran.code, ran.printed]).toEqual([code, expect.stringContaining(line)]);
  expect(ran.summary).toContain(`48 hours\n\`\`\`text\n${line}\nwarning: a copy is used\n\`\`\`\n`);
  expect(ran.summary).not.toContain("is not known");
});

it("where it can't be told, the summary has the problems and says so", async () => {
  const ran = await step('echo "error: autumn.yaml:1:1: unknown key" >&2; exit 1');
  expect(ran.code).toBe(1);
  expect(ran.printed).toContain("unknown key");
  expect(ran.summary).toContain("error: autumn.yaml:1:1: unknown key");
  expect(ran.summary).toContain("It is not known whether people have places");
});

it("looks for places after what else failed, but not without the packages", () => {
  const file = resolve(import.meta.dirname, "../../.github/workflows/drift.yml");
  const steps: { name?: string; id?: string; run?: string; if?: string }[] = parse(readFileSync(file, "utf8"))
    .jobs.drift.steps;
  const install = steps.find(({ run }) => run === "npm ci --omit=dev");
  const places = steps.find(({ name }) => name === NAME);
  expect(places?.if).toBe(`\${{ !cancelled() && steps.${install?.id}.outcome == 'success' }}`);
});
