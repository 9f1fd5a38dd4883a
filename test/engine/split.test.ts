import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { pulumiIn } from "../../cli/pulumi/call.ts";
import { PulumiProject } from "../../cli/pulumi/project.ts";
import { type SplitWorld, splitCluster } from "../../cli/stacks/split/split.ts";
import { makeRepository, type Repository } from "../sandbox/repository.ts";
import { requireService } from "../services/require.ts";
import { LecternOnPulumi } from "./lectern.ts";
import { findPulumi } from "./programs.ts";

// The whole program: a cluster moves from the stacks of its environments to its own, and back where it can't.
const MINUTES = 60_000;

requireService("the real Pulumi", findPulumi, (cli) => {
  let folder: string;
  let repository: Repository;
  let lectern: LecternOnPulumi;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "lectern-split-"));
    repository = makeRepository();
    for (const cluster of ["campus", "hpc"]) addImages(cluster, "lab");
    lectern = new LecternOnPulumi({ cli, folder, catalog: repository.catalog });
    for (const [key, value] of Object.entries(lectern.pulumi.environment)) vi.stubEnv(key, value);
    await up("staging");
    await up("prod");
  }, 10 * MINUTES);
  afterEach(() => {
    vi.unstubAllEnvs();
    repository.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  function addImages(cluster: string, ...names: string[]) {
    const policy = { recommended: "w_2026_10", releases: 0, weeklies: 1, dailies: 0 };
    const entry = (alias: string) => ({ repository: "lectern/lab", alias, policy });
    const images = Object.fromEntries(names.map((name) => [name, entry(`${cluster}-${name}`)]));
    repository.write(`clusters/${cluster}/images.yaml`, JSON.stringify(images));
    repository.commit();
  }
  async function up(stack: string, ...options: string[]) {
    const { ok, stdout, stderr } = await lectern.run("up", stack, ...options);
    expect(ok, stdout + stderr).toBe(true);
  }
  async function world(change: (world: SplitWorld) => Partial<SplitWorld> = () => ({})): Promise<SplitWorld> {
    const root = lectern.pulumi.project;
    const project = await PulumiProject.open(root);
    const open = (names: readonly string[]) => project.stacks(names);
    const plain = { root, clusters: ["campus", "hpc"], call: pulumiIn(root), open, print: () => {} };
    return { ...plain, ...change(plain) };
  }
  const names = async (stack: string) =>
    (await lectern.pulumi.resources(stack))
      .map(({ urn }) => urn.split("::").slice(2).join(" "))
      .filter((name) => /lectern:.*(campus|hpc)/.test(name));
  const text = (stack: string) => readFileSync(join(lectern.pulumi.project, `Pulumi.${stack}.yaml`), "utf8");

  it("gives a cluster its own stacks, which then have nothing to do", { timeout: 20 * MINUTES }, async () => {
    const before = await names("prod");
    await expect(splitCluster(await world(), "campus", "staging")).rejects.toThrow(/Split production first/);
    for (const environment of ["prod", "staging"] as const) {
      await lectern.serve(environment, async () => {
        expect(await splitCluster(await world(), "campus", environment)).toBe(true);
        expect(await splitCluster(await world(), "campus", environment)).toBe(false);
        if (environment === "prod") expect(text("prod-campus")).toMatch(/lectern:stagingStack: staging\n/);
      });
    }
    expect(text("prod-campus")).not.toMatch(/stagingStack/);
    expect([...(await names("prod")), ...(await names("prod-campus"))].sort()).toEqual(before.sort());
    expect((await names("prod")).some((name) => name.includes("campus"))).toBe(false);
    await lectern.serve("prod", async () => {
      for (const stack of ["prod", "prod-campus"]) {
        const ended = await lectern.pulumi.run("up", stack, "--expect-no-changes");
        expect(ended.ok, ended.stdout + ended.stderr).toBe(true);
        expect(ended.stdout).not.toMatch(/held/);
      }
      expect(await lectern.pulumi.outputs("prod-campus")).toMatchObject({ images: { "campus/lab": {} } });
    });
  });

  it("makes everything as it was where a preview would create something", {
    timeout: 20 * MINUTES,
  }, async () => {
    addImages("campus", "lab", "extra");
    // A secret that is written again has another ciphertext.
    const state = async () =>
      JSON.stringify(await lectern.pulumi.resources("staging")).replaceAll(/"ciphertext":"[^"]*"/g, "");
    const [unchanged, file] = [await state(), text("staging")];
    rmSync(join(lectern.pulumi.project, "Pulumi.prod.yaml"));
    await lectern.serve("staging", async () => {
      const before = text("staging");
      await expect(splitCluster(await world(), "campus", "staging")).rejects.toThrow(
        /a preview of staging-campus would change after the move, so it was undone: create .*campus-extra/,
      );
      expect(text("staging")).toBe(before);
    });
    expect(file).not.toMatch(/scope/);
    expect(await state()).toBe(unchanged);
    expect(() => text("staging-campus")).toThrow(/ENOENT/);
  });

  it("goes on where it was interrupted while resources moved", { timeout: 20 * MINUTES }, async () => {
    rmSync(join(lectern.pulumi.project, "Pulumi.prod.yaml"));
    const before = await names("staging");
    await lectern.serve("staging", async () => {
      const saved = join(folder, "before-move.json");
      const moved = Promise.withResolvers<void>();
      const interrupted = await world(({ call }) => ({
        call: async (args, input) => {
          if (args[1] !== "move") return call(args, input);
          await lectern.pulumi.export("staging", saved);
          await call(args, input);
          // The move saves the target before the source, and ends here.
          await lectern.pulumi.import("staging", saved);
          moved.resolve();
          return delay(60 * MINUTES, "", { ref: false });
        },
      }));
      void splitCluster(interrupted, "campus", "staging");
      await moved.promise;
      expect((await names("staging")).length).toBe(before.length);
      expect(await splitCluster(await world(), "campus", "staging")).toBe(true);
    });
    expect([...(await names("staging")), ...(await names("staging-campus"))].sort()).toEqual(before.sort());
  });
});
