import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { PROJECT_ROOT } from "../../sandbox/engine/fixtures/scenario.ts";
import { requireService } from "../services/require.ts";
import { runStep } from "../workflows/job.ts";
import { findPulumi } from "./programs.ts";
import { Pulumi } from "./pulumi.ts";

// The steps of `deploy-stacks` from production's plan to its deployment, as the file has them, on the real engine; the program
// is the engine's fixture.
const MINUTES = 60_000;
const LECTERN = resolve(import.meta.dirname, "../../cli/lectern.mjs");

requireService("the real Pulumi", findPulumi, (cli) => {
  let folder: string;
  let pulumi: Pulumi;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "lectern-approval-"));
    pulumi = new Pulumi({ cli, folder, root: PROJECT_ROOT });
    const manifest = JSON.parse(readFileSync(join(pulumi.project, "package.json"), "utf8"));
    const scripts = { lectern: `"${process.execPath}" "${LECTERN}"` };
    writeFileSync(join(pulumi.project, "package.json"), JSON.stringify({ ...manifest, scripts }));
    for (const cluster of ["a", "b"]) {
      mkdirSync(join(pulumi.project, "catalog/clusters", cluster), { recursive: true });
      for (const stack of [`staging-${cluster}`, `prod-${cluster}`]) {
        await pulumi.init(stack);
        await resources(stack, 1);
        await pulumi.configure(stack, { "lectern:scope": JSON.stringify({ clusters: [cluster] }) });
      }
    }
  }, 5 * MINUTES);
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const resources = (stack: string, ...values: number[]) =>
    pulumi.configure(stack, {
      "lectern:world": join(folder, `world-${stack}`),
      "fixture:resources": JSON.stringify(
        values.map((value) => ({ name: `hub-${value}`, props: { value } })),
      ),
    });

  const step = (job: string, name: string, context: Readonly<Record<string, string>> = {}) =>
    runStep("deploy-stacks.yml", job, name, {
      folder: pulumi.project,
      runner: join(folder, "runner"),
      context: {
        "secrets.PULUMI_CONFIG_PASSPHRASE": pulumi.environment["PULUMI_CONFIG_PASSPHRASE"] ?? "",
        "github.token": "a-token",
        ...context,
      },
      environment: pulumi.environment as Record<string, string>,
    });
  const plan = () => step("production-plan", "Preview");
  /** The job with the rights finds in its folder what it has downloaded. */
  const deploy = ({ outputs }: Awaited<ReturnType<typeof plan>>) => {
    cpSync(join(pulumi.project, "previews"), pulumi.project, { recursive: true });
    const approved = Object.entries(outputs).map(([name, value]) => [
      `needs.production-plan.outputs.${name}`,
      value,
    ]);
    return step("production", "Deploy", Object.fromEntries(approved));
  };

  it("deploys the plan that was approved, asks nobody where nothing changes, and stops at another plan", {
    timeout: 15 * MINUTES,
  }, async () => {
    const first = await plan();
    expect(first.code, first.printed).toBe(0);
    expect(first.outputs).toMatchObject({
      changed: "true",
      approval: expect.stringMatching(/^prod-a [0-9a-f]{16}, prod-b [0-9a-f]{16}$/),
    });
    expect(first.summary).toContain("Production: ");
    // Somebody merges while the plan waits for its reviewers.
    await resources("prod-b", 1, 2);
    const stopped = await deploy(first);
    expect(stopped.code).toBe(1);
    expect(stopped.printed).toContain("✓ prod-a");
    expect(stopped.printed).toMatch(/✗ prod-b[^✓]*nothing is deployed[^✓]*new: create \S+ hub-2/);
    expect(await pulumi.resources("prod-b")).toEqual([]);

    // The next run asks for what is left, and that is what it deploys.
    const second = await plan();
    expect(second.outputs["approval"]).toMatch(/^prod-b [0-9a-f]{16}$/);
    const done = await deploy(second);
    expect(done.code, done.printed).toBe(0);
    const { ok, stacks } = JSON.parse(readFileSync(join(pulumi.project, "deployed.json"), "utf8"));
    expect([ok, stacks.length]).toEqual([true, 2]);
    expect((await plan()).outputs).toMatchObject({ changed: "false", approval: "" });
  });
});
