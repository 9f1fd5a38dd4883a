import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { callSandbox, type JsonReport, report } from "../sandbox/command.ts";
import { makeRepository, notebook, type Repository } from "../sandbox/repository.ts";
import { requireService } from "../services/require.ts";
import { findPulumi, PLUGIN_FOLDERS } from "./programs.ts";

const MINUTES = 60_000;
const STACK_FILE = join(import.meta.dirname, "..", "..", "Pulumi.sandbox.yaml");

let folder: string;
let repository: Repository;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lectern-command-"));
  repository = makeRepository();
  const sums = { display_name: "Sums", language: "python", image: "lectern/python-science:2026.1" };
  repository.write("kernels/sums/kernel.yaml", sums);
  repository.addCourse("bell", { kernelId: "Sums" });
  repository.commit();
});
afterEach(() => {
  repository.remove();
  rmSync(folder, { recursive: true });
});

/** Calls the sandbox's command; each engine has services of its own, which begin empty. */
async function call(
  engine: "sandbox" | "pulumi",
  command: string,
  path: string,
  stack = "sandbox",
): Promise<JsonReport> {
  const state = ["--state", join(folder, engine), "--stack", stack];
  const options = ["--json", "--engine", engine, ...state, "--catalog", repository.catalog];
  return report(await callSandbox([command, ...options], { PATH: path }));
}

/**
 * What of a report both engines must agree on: steps in the order of their names, counts, names of outputs;
 * of a failure, what failed and why. How far the rest comes until then is a matter of chance, and the CLI
 * does not tell what would have changed in a resource that its provider refuses.
 */
function comparable({ ok, steps, summary, outputs, diagnostics }: JsonReport) {
  if (!ok) {
    const failed = steps.filter(({ error }) => error !== undefined);
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    return { ok, failed: failed.map(({ op, urn, error }) => ({ op, urn, error })), errors };
  }
  const named = steps.map(({ op, urn, changed }) => ({ op, urn, changed })).sort(byUrn);
  return { ok, steps: named, summary, outputs: Object.keys(outputs).sort() };
}

const byUrn = (a: { urn: string }, b: { urn: string }) => (a.urn < b.urn ? -1 : 1);

requireService("the real Pulumi", findPulumi, (cli) => {
  const path = [process.env["PATH"], dirname(cli), ...PLUGIN_FOLDERS].join(delimiter);
  const both = async (command: string) => {
    const [own, real] = await Promise.all([call("sandbox", command, path), call("pulumi", command, path)]);
    expect(comparable(real), command).toEqual(comparable(own));
    return real;
  };

  it.each(["sandbox", "pulumi"] as const)(
    "a preview of prod says what to do before staging exists, on the engine %s",
    { timeout: 2 * MINUTES },
    async (engine) => {
      const { ok, steps, diagnostics } = await call(engine, "preview", path, "prod");
      expect(ok).toBe(false);
      expect(JSON.stringify(diagnostics)).toMatch(
        /lectern:stagingStack: what this stack takes from organization\/lectern\/staging can't be read .*Deploy it first.*lectern:assumeStaging=true/,
      );
      expect(steps.filter(({ op }) => op === "create").map(({ name }) => name)).not.toContain("bell");
    },
  );

  it("`sandbox --engine pulumi` reports what the sandbox's own engine reports", {
    timeout: 20 * MINUTES,
  }, async () => {
    const stackFile = readFileSync(STACK_FILE, "utf8");
    expect((await both("preview")).summary.create).toBeGreaterThan(5);
    const first = await both("up");
    expect(first).toMatchObject({
      ok: true,
      outputs: { articles: { "course/bell": { title: "About bell" } } },
    });
    expect(JSON.stringify(first)).not.toContain(
      readFileSync(join(folder, "pulumi", "qbook", "api-key"), "utf8"),
    );
    repository.write("courses/bell/1.ipynb", notebook("# Rewritten"));
    expect((await both("up")).summary.update).toBe(1);
    const again = await both("up");
    expect(Object.keys(again.summary).sort()).toEqual(["read", "same"]);
    await both("refresh");
    repository.write("courses/bell/course.json", "{");
    await both("preview");
    await both("destroy");
    expect(readFileSync(STACK_FILE, "utf8"), "the project's file").toBe(stackFile);
    await callSandbox(["reset", "--state", join(folder, "pulumi")]);
    expect(existsSync(join(folder, "pulumi", "pulumi")), "its state is forgotten").toBe(false);
  });

  it("`sandbox --engine pulumi` names what is missing where there is no Pulumi", async () => {
    // Node and git are what the sandbox needs; a machine without Pulumi has no more of this.
    const without = (process.env["PATH"] ?? "")
      .split(delimiter)
      .filter((at) => !existsSync(join(at, "pulumi")));
    const refused = await call("pulumi", "up", without.join(delimiter));
    expect(refused.ok).toBe(false);
    expect(refused.diagnostics[0]?.message).toContain("`pulumi` is not on PATH. Install the Pulumi CLI");
  });
});
