import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { pulumiIn } from "../../../cli/pulumi/call.ts";
import { PulumiProject } from "../../../cli/pulumi/project.ts";
import { splitCluster } from "../../../cli/stacks/split/split.ts";
import { requireService } from "../../services/require.ts";
import type { CliProcess } from "../cli-process.ts";
import { reported, startDeploy } from "../deploying.ts";
import { type ClusterName, findHubPrograms, HubPlace, RBAC_HUBS } from "./hub-place.ts";

// A cluster moves to stacks of its own with all that it runs; then stacks are deployed side by side.
const MINUTES = 60_000;
const CLUSTERS = ["east", "west"] as const;
const ENVIRONMENTS = ["staging", "prod"] as const;
const MOVED = [
  ...["Cluster", "Namespace", "Support", "Hub", "ReleaseLease", "Release", "ReleaseDrift", "HubHealth"],
  ...["HubDatabaseBackup", "DaemonSet", "PrepullReadiness", "Image"],
];
const SUPPORT = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: support}\n";

requireService(
  "the real Pulumi with its Kubernetes plugin, and a Kubernetes API",
  findHubPrograms,
  ({ cli, programs }) => {
    let place: HubPlace;
    beforeAll(async () => {
      place = await HubPlace.start(cli, programs, CLUSTERS);
      place.write("charts/support/Chart.yaml", { apiVersion: "v2", name: "support", version: "1.0.0" });
      place.write("charts/support/templates/support.yaml", SUPPORT);
      place.write("images/lab/Dockerfile", "FROM scratch\nCOPY Dockerfile /\n");
      for (const name of CLUSTERS) {
        const limited = (hub: string) => ({ health: place.healthOf(`${name}-${hub}`, { limit: 3 }) });
        const support = { chart: "support" };
        place.declare(name, { staging: limited("staging"), prod: limited("prod") }, { support });
        await place.accounts(name).grant(RBAC_HUBS, { namespace: "support" });
        for (const environment of ENVIRONMENTS) await place.createVolume(name, environment);
        greet(name, "hello");
      }
      for (const environment of ENVIRONMENTS) {
        const { ok, stdout, stderr } = await place.lectern.run("up", environment);
        expect(ok, stdout + stderr).toBe(true);
      }
    }, 8 * MINUTES);
    afterEach(() => void vi.unstubAllEnvs());
    afterAll(() => place?.stop());

    function greet(name: ClusterName, greeting: string): void {
      const singleuser = { image: "lectern://images/lab" };
      place.write(`clusters/${name}/common.yaml`, { hook: false, database: true, greeting, singleuser });
    }
    const greeting = async (name: ClusterName, hub: string) =>
      (await place.configMap(name, hub))?.["greeting"];

    /** The kinds and names of what a stack has of a cluster, or builds for it. */
    async function resourcesOf(stack: string, cluster: ClusterName): Promise<string[]> {
      const all = (await place.lectern.pulumi.resources(stack)).map(({ urn }) => urn.split("::"));
      const isOf = new RegExp(`^(${cluster}([/-].*)?|hub-image-.*)$`);
      return all.flatMap(([, , types = "", name = ""]) =>
        isOf.test(name) ? [`${types.split("$").at(-1)} ${name}`] : [],
      );
    }

    async function split(cluster: ClusterName, environment: (typeof ENVIRONMENTS)[number]): Promise<void> {
      const { pulumi } = place.lectern;
      for (const [key, value] of Object.entries(pulumi.environment)) vi.stubEnv(key, value);
      const root = pulumi.project;
      const project = await PulumiProject.open(root);
      const open = (names: readonly string[]) => project.stacks(names);
      const world = { root, clusters: CLUSTERS, call: pulumiIn(root), open, print: () => {} };
      expect(await splitCluster(world, cluster, environment)).toBe(true);
    }

    it("a cluster moves to stacks of its own with its hubs, support, images and checks, and nothing changes", {
      timeout: 10 * MINUTES,
    }, async () => {
      const objects = () => Promise.all(ENVIRONMENTS.map((hub) => place.versions("west", hub)));
      const before = await objects();
      for (const environment of ["prod", "staging"] as const) {
        const resources = await resourcesOf(environment, "west");
        await place.lectern.serve(environment, () => split("west", environment));
        expect((await resourcesOf(`${environment}-west`, "west")).sort()).toEqual(resources.sort());
        const rest = environment === "prod" ? [] : ["docker:index/image:Image hub-image-lab"];
        expect(await resourcesOf(environment, "west")).toEqual(rest);
      }
      const kinds = (await resourcesOf("staging-west", "west")).map((one) => one.split(/[: ]/).at(-2));
      for (const kind of MOVED) expect(kinds).toContain(kind);
      for (const environment of ENVIRONMENTS)
        await place.lectern.serve(environment, async () => {
          for (const stack of [environment, `${environment}-west`]) {
            const { ok, stdout, stderr } = await place.lectern.pulumi.run("up", stack, "--expect-no-changes");
            expect(ok, stdout + stderr).toBe(true);
            expect(stdout).not.toMatch(/held/);
          }
        });
      expect(await objects()).toEqual(before);
    });

    /** Runs `lectern deploy`, while the services of a stack run. */
    const deploy = (act: (deploying: CliProcess) => Promise<void> = async () => {}, jobs = 2) =>
      place.lectern.serve("prod", async () => {
        const catalog = join("..", "..", "catalog");
        const deploying = startDeploy(place.lectern.pulumi, { catalog, jobs, json: true });
        await act(deploying);
        return reported(deploying);
      });

    it("stacks are deployed side by side: a cluster that fails keeps its production, and the other's changes", {
      timeout: 10 * MINUTES,
    }, async () => {
      for (const name of CLUSTERS) greet(name, "good morning");
      place.health.broken.add("west-staging");
      const before = await place.versions("west", "prod");
      const { states, stacks } = await deploy();
      expect(states).toEqual([
        "staging deployed",
        "staging-west failed",
        "prod deployed",
        "prod-west deployed",
      ]);
      expect(stacks[1]?.errors.join("\n")).toContain("west/staging");
      expect(stacks[3]?.warnings.join("\n")).toContain(
        "the hub west/prod is held: the staging hub west/staging is not healthy",
      );
      expect(await greeting("east", "prod")).toBe("good morning");
      expect(await greeting("west", "staging")).toBe("good morning");
      expect(await place.versions("west", "prod")).toEqual(before);
    });

    it("interrupted while a hub is checked, it ends in order, and goes on where it is run again", {
      timeout: 10 * MINUTES,
    }, async () => {
      place.health.broken.delete("west-staging");
      const [asked, interruption] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      place.health.onRequest = async (hub) => {
        if (hub !== "west-staging") return;
        asked.resolve();
        await interruption.promise;
      };
      const interrupted = await deploy(async ({ child, ended }) => {
        await Promise.race([asked.promise, ended]);
        child.kill("SIGTERM");
        interruption.resolve();
      }, 1);
      expect(interrupted.states).toEqual([
        "staging deployed",
        "staging-west interrupted",
        "prod not started",
        "prod-west not started",
      ]);
      place.health.onRequest = () => {};
      expect(await greeting("west", "prod")).toBe("hello");

      const again = await deploy();
      expect(again.ok, JSON.stringify(again)).toBe(true);
      expect(await greeting("west", "prod")).toBe("good morning");
      const unchanged = again.stacks.filter(({ stack }) => !stack.endsWith("west"));
      const kinds = unchanged.flatMap(({ changes }) => Object.keys(changes));
      expect(kinds.filter((kind) => kind !== "read")).toEqual(["same", "same"]);
    });

    it("a production hub that is not healthy stops the later waves", { timeout: 10 * MINUTES }, async () => {
      place.write("waves.yaml", { waves: ["east", "west"] });
      for (const name of CLUSTERS) greet(name, "good evening");
      place.health.broken.add("east-prod");
      const before = await place.versions("west", "prod");
      expect((await deploy()).states).toEqual([
        "staging deployed",
        "staging-west deployed",
        "prod failed",
        "prod-west not started",
      ]);
      expect(await greeting("east", "prod")).toBe("good evening");
      expect(await place.versions("west", "prod")).toEqual(before);
    });
  },
);
