import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { FakeGithub } from "../../cli/drift/issue/testing/fake-github.ts";
import { makeRepository, type Repository } from "../sandbox/repository.ts";
import { requireService } from "../services/require.ts";
import { reported, startDeploy } from "./deploying.ts";
import { differencesIn, filesIn, runDrift, statesOf } from "./drifting.ts";
import { LecternOnPulumi } from "./lectern.ts";
import { findPulumi } from "./programs.ts";

// `lectern drift` on the real engine, with a kernel that somebody changed on its host.
const MINUTES = 60_000;
const SCIENCE = "Python for Science";

requireService("the real Pulumi", findPulumi, (cli) => {
  let folder: string;
  let repository: Repository;
  let lectern: LecternOnPulumi;
  let github: FakeGithub;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "lectern-drift-"));
    repository = makeRepository();
    github = new FakeGithub();
    await github.start();
    repository.addCourse("bell-states", { kernelId: SCIENCE });
    const kernel = { display_name: SCIENCE, language: "python", image: "lectern/python-science:2025.2" };
    repository.write("kernels/python-science/kernel.yaml", kernel);
    repository.commit();
    lectern = new LecternOnPulumi({ cli, folder, catalog: repository.catalog });
    await up();
  }, 5 * MINUTES);
  afterAll(async () => {
    await github?.stop();
    repository?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  async function up() {
    const { ok, stdout, stderr } = await lectern.run("up", "staging");
    expect(ok, stdout + stderr).toBe(true);
  }

  /** Everything that services keep, and every call that could have changed something. */
  const services = () =>
    filesIn(lectern.servicesFolder).map(([name, content]) => [
      name,
      content.replaceAll(/^\{"method":"GET".*\n/gm, ""),
    ]);

  /** Looks for drift; neither a state nor a service may be another afterwards. */
  async function drift() {
    return lectern.serve("staging", async () => {
      const before = [statesOf(lectern.pulumi), services()];
      const options = { catalog: repository.catalog, issue: true, repository: "my-university/teaching" };
      const ended = await runDrift(lectern.pulumi, options, github.environment);
      expect([statesOf(lectern.pulumi), services()]).toEqual(before);
      return ended;
    });
  }
  const file = () => join(lectern.servicesFolder, "gateway-staging/kernels/python-science/kernel.json");

  it("nothing differs after a deployment, also where the repository is ahead of it", {
    timeout: 5 * MINUTES,
  }, async () => {
    repository.addCourse("not-deployed", { kernelId: SCIENCE });
    repository.commit();
    const { code, report, states, stderr } = await drift();
    expect(states, stderr).toEqual(["staging clean"]);
    expect(differencesIn(report)).toEqual([]);
    expect([code, report.issue]).toEqual([0, null]);
  });

  it("a kernel that somebody changed on its host is drift until a deployment that refreshes puts it back", {
    timeout: 8 * MINUTES,
  }, async () => {
    const before = readFileSync(file(), "utf8");
    writeFileSync(file(), before.replace(/"language": ?"python"/, '"language": "canary"'));
    expect(readFileSync(file(), "utf8")).not.toBe(before);
    const found = await drift();
    expect(differencesIn(found.report), found.stderr).toEqual([
      expect.stringMatching(/^staging \| Kernel python-science \| \S+: kernel\.json was changed \| refresh$/),
    ]);
    expect([found.code, found.report.issue]).toMatchObject([3, { action: "opened", number: 1 }]);
    expect(github.issues[0]?.body).toMatch(/kernel \*\*python-science\*\* \| \S+: kernel\.json was changed/);
    expect(found.stdout + github.issues[0]?.body).not.toContain("canary");

    const catalog = relative(lectern.pulumi.project, repository.catalog);
    const deployed = await lectern.serve("staging", () =>
      reported(startDeploy(lectern.pulumi, { catalog, refresh: true, json: true })),
    );
    expect(deployed.states, deployed.stacks[0]?.errors.join()).toEqual(["staging deployed"]);
    const gone = await drift();
    expect([gone.code, gone.report.issue]).toMatchObject([0, { action: "closed", number: 1 }]);
    expect(readFileSync(file(), "utf8")).not.toContain("canary");
  });
});
