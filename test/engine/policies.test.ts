import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { previewStacks } from "../../cli/ci/preview.ts";
import { PROJECT_ROOT } from "../../sandbox/engine/fixtures/scenario.ts";
import { makeRepository, type Repository } from "../sandbox/repository.ts";
import { requireService } from "../services/require.ts";
import { reported, startDeploy } from "./deploying.ts";
import { LecternOnPulumi } from "./lectern.ts";
import { findPulumi } from "./programs.ts";
import { type Ended, Pulumi } from "./pulumi.ts";

// The policies on the real engine: of previews, and of a state in a file.
const MINUTES = 60_000;
const POLICIES = join(import.meta.dirname, "../../policies");
const PACK = ["--policy-pack", POLICIES];

const CLEAN = {
  name: "clean",
  props: { value: 1, containers: [{ image: `x/y@sha256:${"1".repeat(64)}` }] },
  secret: { token: "canary-encrypted" },
};
const VIOLATING = {
  name: "wrong",
  props: { value: 1, password: "canary-plain", containers: [{ image: "x/y:latest" }] },
};

requireService("the real Pulumi", findPulumi, (cli) => {
  let folder: string;
  let pulumi: Pulumi;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "lectern-policies-"));
    pulumi = new Pulumi({ cli, folder, root: PROJECT_ROOT });
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });

  async function stack(name: string, resources: readonly object[]) {
    await pulumi.init(name);
    await pulumi.configure(name, {
      "lectern:world": join(folder, "world"),
      "fixture:resources": JSON.stringify(resources),
    });
  }
  const said = ({ stdout, stderr }: Ended) => stdout + stderr;

  it("a preview that breaks none passes, and one that breaks some fails with each", {
    timeout: 5 * MINUTES,
  }, async () => {
    await stack("staging", [CLEAN]);
    const clean = await pulumi.call("preview", "--stack", "staging", ...PACK);
    expect(clean.ok, said(clean)).toBe(true);
    expect(said(clean)).toMatch(/lectern/);

    await stack("prod", [CLEAN, VIOLATING]);
    const wrong = await pulumi.call("preview", "--stack", "prod", ...PACK);
    expect(wrong.ok).toBe(false);
    expect(said(wrong)).toMatch(/images-by-digest/);
    expect(said(wrong)).toMatch(/containers\[0\]\.image is x\/y:latest, which can become another image/);
    expect(said(wrong)).toMatch(/password is a secret that is kept in plain/);
    expect(said(wrong)).not.toMatch(/token is a secret/);
  });

  it("the preview for a comment names which are broken, and a deployment does not make the resource", {
    timeout: 5 * MINUTES,
  }, async () => {
    mkdirSync(join(pulumi.project, "catalog/clusters/a"), { recursive: true });
    await stack("staging-a", [VIOLATING]);
    await pulumi.configure("staging-a", { "lectern:scope": JSON.stringify({ clusters: ["a"] }) });
    const policyPack = ["lectern"];

    for (const [name, value] of Object.entries(pulumi.environment)) vi.stubEnv(name, value);
    const output = join(folder, "previews");
    const options = { environment: "staging", stacks: '"all"', catalog: "catalog", jobs: 1 } as const;
    expect(await previewStacks(pulumi.project, { ...options, policyPack, output })).toBe(1);
    const view = readFileSync(join(output, "views/staging-a.json"), "utf8");
    expect(view).toMatch(/the policy images-by-digest is broken by wrong; the policy no-plain-secrets is/);
    expect(view).not.toContain("canary");

    const { states } = await reported(startDeploy(pulumi, { policyPack, json: true }));
    expect(states).toEqual(["staging-a failed"]);
    expect((await pulumi.resources("staging-a")).filter(({ urn }) => urn.endsWith("::wrong"))).toEqual([]);
  });

  it("a state in a file is checked without a backend, a login or the passphrase", {
    timeout: 5 * MINUTES,
  }, async () => {
    await stack("prod", [CLEAN, VIOLATING]);
    const up = await pulumi.run("up", "prod");
    expect(up.ok, said(up)).toBe(true);
    const file = join(folder, "state.json");
    await pulumi.export("prod", file);
    pulumi.environment["PULUMI_CONFIG_PASSPHRASE"] = "another";
    pulumi.environment["PULUMI_BACKEND_URL"] = "file:///nowhere";
    const wrong = await pulumi.call("policy", "analyze", "--file", file, ...PACK);
    expect(wrong.ok).toBe(false);
    expect(said(wrong)).toMatch(/containers\[0\]\.image is x\/y:latest/);
    expect(said(wrong)).toMatch(/password is a secret that is kept in plain/);
    expect(said(wrong)).not.toMatch(/token is a secret|canary/);
  });

  it("Lectern's own program passes in production", { timeout: 5 * MINUTES }, async () => {
    const repository: Repository = makeRepository();
    try {
      repository.addCourse("bell-states", { kernelId: "Python for Science" });
      repository.write(
        "kernels/python-science/kernel.yaml",
        "display_name: Python for Science\nlanguage: python\nimage: lectern/python-science:2025.2\n",
      );
      repository.commit();
      const lectern = new LecternOnPulumi({ cli, folder, catalog: repository.catalog });
      for (const name of ["staging", "prod"]) {
        const preview = await lectern.run("preview", name, ...PACK);
        expect(preview.ok, said(preview)).toBe(true);
        const up = await lectern.run("up", name, ...PACK);
        expect(up.ok, said(up)).toBe(true);
      }
      const file = join(folder, "state.json");
      await lectern.pulumi.export("prod", file);
      const analyzed = await lectern.pulumi.call("policy", "analyze", "--file", file, ...PACK);
      expect(analyzed.ok, said(analyzed)).toBe(true);
    } finally {
      repository.remove();
    }
  });
});
