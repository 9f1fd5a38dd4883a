import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { DeployOptions } from "../../cli/deploy/deploy.ts";
import { writeEvent } from "../sandbox/calendar.ts";
import { makeRepository, notebook, type Repository } from "../sandbox/repository.ts";
import { requireService } from "../services/require.ts";
import { reported, startDeploy } from "./deploying.ts";
import { LecternOnPulumi } from "./lectern.ts";
import { findPulumi } from "./programs.ts";
import type { Operated } from "./pulumi.ts";

// `lectern deploy` on the real engine, where a notebook or a lecture holds a kernel's image.
const MINUTES = 60_000;
const FROZEN = /^frozen until \d{4}-\d\d-\d\d \d\d:\d\d \(UTC\) for the lecture Linear algebra$/;

requireService("the real Pulumi", findPulumi, (cli) => {
  let folder: string;
  let repository: Repository;
  let lectern: LecternOnPulumi;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "lectern-holds-"));
    repository = makeRepository();
    repository.addCourse("bell", { kernelId: "Python" });
    declare("2025.2");
    // Production shares its gateway.
    const config = { "lectern:freezeCourses": "true", "lectern:prove": "require" };
    lectern = new LecternOnPulumi({ cli, folder, catalog: repository.catalog, config });
    await up();
  }, 5 * MINUTES);
  afterAll(() => {
    repository?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  function declare(tag: string): void {
    const kernel = { display_name: "Python", language: "python", image: `lectern/python-science:${tag}` };
    repository.write("kernels/python/kernel.yaml", kernel);
    repository.commit();
  }

  async function up(): Promise<Operated> {
    const operated = await lectern.run("up", "staging");
    expect(operated.ok, operated.stdout + operated.stderr).toBe(true);
    return operated;
  }
  const said = ({ diagnostics }: Operated) => diagnostics.map(({ message }) => message).join("\n");

  async function deploy(options: Partial<DeployOptions> = {}) {
    const catalog = relative(lectern.pulumi.project, repository.catalog);
    const report = await lectern.serve("staging", () =>
      reported(startDeploy(lectern.pulumi, { catalog, json: true, ...options })),
    );
    expect(report.states, report.stacks[0]?.errors.join()).toEqual(["staging deployed"]);
    return { report, outputs: await lectern.pulumi.outputs("staging") };
  }
  const installed = () =>
    readFileSync(join(lectern.servicesFolder, "gateway-staging/kernels/python/kernel.json"), "utf8");

  it("keeps the kernel where a notebook fails on the new image, and runs it once", {
    timeout: 8 * MINUTES,
  }, async () => {
    const before = installed();
    const cell = 'from importlib.metadata import version\nassert version("numpy") < "2", "needs NumPy 1"';
    repository.addCourse("bell", { kernelId: "Python", chapters: 1 });
    repository.write("courses/bell/1.ipynb", notebook("# Chapter 1", cell));
    repository.write("courses/bell/lecture.yaml", "timeout: 60\n");
    declare("2026.1");
    const held = await up();
    expect((await lectern.pulumi.outputs("staging"))["holds"]).toEqual({
      "kernel/python": expect.objectContaining({
        reason: expect.stringMatching(
          /^course\/bell 1\.ipynb fails at cell 2 \(AssertionError: needs NumPy 1\)/,
        ),
        deployed: true,
      }),
    });
    expect(said(held)).toMatch(/running 1 of 1 notebooks on .*python-science/);
    const again = await up();
    expect(said(again)).not.toMatch(/running/);
    expect(again.summary).not.toHaveProperty("update");
    expect(installed()).toBe(before);
  });

  it("keeps the kernel, and changes it for a person's reason, which is recorded", {
    timeout: 8 * MINUTES,
  }, async () => {
    repository.drop("courses/bell");
    repository.addCourse("bell", { kernelId: "Python" });
    declare("2025.2");
    await up();
    const before = installed();
    declare("2026.1");
    writeEvent({ repository }, { course: "bell" });
    const held = await deploy();
    expect(held.outputs["holds"]).toEqual({
      "kernel/python": { reason: expect.stringMatching(FROZEN), deployed: true },
    });
    expect(held.report.stacks[0]?.warnings).toContainEqual(
      expect.stringMatching(/kernel python is held: frozen until .* for the lecture Linear algebra/),
    );
    expect(installed()).toBe(before);

    const reason = "numpy is broken";
    const gone = await deploy({ throughFreeze: reason });
    expect(gone.report).toMatchObject({ throughFreeze: reason });
    expect(gone.outputs["overrides"]).toEqual({
      "kernel/python": { reason, until: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) },
    });
    expect(installed()).not.toBe(before);

    // The reason was one deployment's.
    const after = await deploy();
    expect(after.report.stacks[0]?.changes).not.toHaveProperty("update");
    expect(after.outputs).not.toHaveProperty("overrides");
  });
});
