import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { type DeployedMap, mapSchema } from "../../plan/map/map-file.ts";
import { makeRepository } from "../sandbox/repository.ts";
import { requireService } from "../services/require.ts";
import { startInProject } from "./cli-process.ts";
import { statesOf } from "./drifting.ts";
import { LecternOnPulumi } from "./lectern.ts";
import { findPulumi } from "./programs.ts";

// `lectern report` of what the real engine has deployed, from its own state and history.
const MINUTES = 60_000;
const SCIENCE = "Python for Science";
const CANARY = "canary-5ecret";

requireService("the real Pulumi", findPulumi, (cli) => {
  it("a report has each thing, since when, and the deployments; it changes nothing, and has no secret", {
    timeout: 10 * MINUTES,
  }, async () => {
    const folder = mkdtempSync(join(tmpdir(), "lectern-report-"));
    const repository = makeRepository();
    onTestFinished(() => {
      repository.remove();
      rmSync(folder, { recursive: true, force: true });
    });
    repository.addCourse("bell-states", { title: "Bell states", kernelId: SCIENCE });
    const kernel = { display_name: SCIENCE, language: "python", image: "lectern/python-science:2025.2" };
    repository.write("kernels/python-science/kernel.yaml", kernel);
    repository.commit();
    const lectern = new LecternOnPulumi({
      ...{ cli, folder, catalog: repository.catalog, passphrase: CANARY },
      ...{
        config: { "other:token": CANARY },
        secretKeys: ["other:token"],
      },
    });
    const { pulumi } = lectern;
    const up = async () => {
      const { ok, stdout, stderr } = await lectern.run("up", "staging");
      expect(ok, stdout + stderr).toBe(true);
    };
    const report = async (history: readonly string[] = []): Promise<DeployedMap> => {
      const before = statesOf(pulumi);
      const catalog = relative(pulumi.project, repository.catalog);
      const print = await startInProject("report", pulumi, { catalog, jobs: 2, history, json: true }).ended;
      expect(print.code, print.stderr).toBe(0);
      writeFileSync(join(folder, "report.json"), print.stdout);
      expect(statesOf(pulumi)).toEqual(before);
      expect(print.stdout).not.toContain(CANARY);
      return mapSchema.parse(JSON.parse(print.stdout));
    };
    await up();
    const first = await report();
    const [staging] = first.stacks;
    const things = staging?.outputs?.things ?? [];
    expect(staging?.outputs?.problems).toEqual([]);
    expect(things.map(({ id, title }) => [id, title])).toEqual([
      ["course/bell-states", expect.stringContaining("Bell states")],
      ["kernel/python-science", SCIENCE],
    ]);
    expect(staging?.history).toMatchObject([{ kind: "update", result: "succeeded", changes: [] }]);
    // To the whole second, as the history has it.
    const [began, ended] = [staging?.history[0]?.begun, staging?.history[0]?.at].map((at) =>
      Date.parse(at ?? ""),
    );
    for (const { since } of things) {
      expect(Date.parse(since ?? "")).toBeGreaterThanOrEqual(began ?? 0);
      expect(Date.parse(since ?? "")).toBeLessThan((ended ?? 0) + 1000);
    }

    repository.addCourse("bell-states", { title: "Bell states", text: "It changed.", kernelId: SCIENCE });
    repository.commit();
    await up();
    const [second] = (await report([join(folder, "report.json")])).stacks;
    expect(second?.history.map(({ changes }) => changes.map(({ id, change }) => `${id} ${change}`))).toEqual([
      ["course/bell-states updated"],
      [],
    ]);
    const since = (map: DeployedMap["stacks"][number] | undefined, id: string) =>
      map?.outputs?.things.find((thing) => thing.id === id)?.since;
    expect(since(second, "kernel/python-science")).toBe(since(staging, "kernel/python-science"));
    expect(since(second, "course/bell-states")).not.toBe(since(staging, "course/bell-states"));
  });
});
