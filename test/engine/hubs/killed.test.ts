import { spawn } from "node:child_process";
import { once } from "node:events";
import { BatchV1Api } from "@kubernetes/client-node";
import { afterAll, beforeAll, expect, it } from "vitest";
import { requireService } from "../../services/require.ts";
import { killTree } from "../kill/process-tree.ts";
import { findHubPrograms, HubPlace } from "./hub-place.ts";

const MINUTES = 60_000;
/** A node that is not there: the hook's pod waits for it, and the release never ends. */
const NOWHERE = { hookNode: { nowhere: "true" } };

requireService(
  "the real Pulumi with its Kubernetes plugin, and a Kubernetes API",
  findHubPrograms,
  ({ cli, programs }) => {
    let place: HubPlace;
    beforeAll(async () => {
      place = await HubPlace.start(cli, programs, ["east"]);
    }, 5 * MINUTES);
    afterAll(() => place?.stop());

    const values = (content: object) => place.write("clusters/east/staging.yaml", content);

    /** Helm's revisions of the hub with their status, the newest last. */
    async function revisions(): Promise<string[]> {
      const { items } = await place.core("east").listSecretForAllNamespaces({ labelSelector: "owner=helm" });
      return items
        .map(({ metadata }) => `${metadata?.labels?.["version"]} ${metadata?.labels?.["status"]}`)
        .sort();
    }

    async function hooks(): Promise<(string | undefined)[]> {
      const jobs = place.kubeConfig("east").makeApiClient(BatchV1Api);
      const { items } = await jobs.listNamespacedJob({ namespace: "staging" });
      return items.map(({ metadata }) => metadata?.name);
    }

    /** Deploys a hub whose hook never ends, and kills everything in the middle. */
    async function killDuring(greeting: string): Promise<void> {
      values({ greeting, ...NOWHERE });
      await place.lectern.serve("staging", async () => {
        const { project, environment } = place.lectern.pulumi;
        const options = ["--yes", "--skip-preview", "--non-interactive", "--stack", "staging"];
        const child = spawn(cli, ["up", ...options], { cwd: project, env: environment, stdio: "ignore" });
        const ended = once(child, "exit");
        try {
          await expect.poll(hooks, { interval: 500, timeout: 2 * MINUTES }).toEqual(["hub-check"]);
        } finally {
          if (child.pid !== undefined) killTree(child.pid);
          await ended;
        }
        // As a person does: the run that was killed still has the stack's lock.
        await place.lectern.pulumi.call("cancel", "--yes", "--stack", "staging");
      });
      expect(await place.configMap("east", "staging")).toMatchObject({ greeting });
    }

    async function expectDeployed(greeting: string, healed: RegExp): Promise<void> {
      values({ greeting });
      const up = await place.lectern.run("up", "staging");
      expect(up.ok, up.stdout + up.stderr).toBe(true);
      expect(up.diagnostics.map(({ message }) => message)).toContainEqual(expect.stringMatching(healed));
      expect(await place.configMap("east", "staging")).toMatchObject({ greeting });
      expect((await place.lectern.pulumi.outputs("staging"))["hubs"]).toMatchObject({
        "east/staging": { healthy: true },
      });
      const before = await place.versions("east", "staging");
      const again = await place.lectern.run("up", "staging");
      expect(again.ok, again.stdout + again.stderr).toBe(true);
      expect(again.steps.filter(({ op }) => op !== "same" && op !== "read")).toEqual([]);
      expect(await place.versions("east", "staging")).toEqual(before);
    }

    it("a first installation that was killed is installed by the next deployment", async () => {
      await killDuring("hello");
      expect(await revisions()).toEqual(["1 pending-install"]);
      await expectDeployed("good day", /the first installation was interrupted/);
      expect(await revisions()).toEqual(["1 deployed"]);
    });

    it("an upgrade that was killed is healed, and the next deployment upgrades the hub", async () => {
      await killDuring("good night");
      expect(await revisions()).toEqual(["1 deployed", "2 pending-upgrade"]);
      await expectDeployed(
        "good morning",
        /revision 2 \(pending-upgrade\) was interrupted: the release is at revision 1/,
      );
      expect(await revisions()).toEqual(["1 superseded", "2 deployed"]);
    });
  },
);
