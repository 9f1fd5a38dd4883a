import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { requireService } from "../../services/require.ts";
import { findHubPrograms, HubPlace } from "./hub-place.ts";

// A cluster that is reached in other ways: at another address, and another one in its place.
const MINUTES = 60_000;

requireService(
  "the real Pulumi with its Kubernetes plugin, and a Kubernetes API",
  findHubPrograms,
  ({ cli, programs }) => {
    let place: HubPlace;
    beforeAll(async () => {
      place = await HubPlace.start(cli, programs);
      // The catalog has one cluster, and the other one comes to be in its place.
      rmSync(join(place.catalog, "clusters/west"), { recursive: true });
      place.write("clusters/east/common.yaml", { hook: false, greeting: "hello" });
      const ended = await up();
      expect(ended.ok, ended.stdout + ended.stderr).toBe(true);
    }, 5 * MINUTES);
    afterAll(() => place?.stop());

    const up = () => place.lectern.run("up", "staging");
    const uidOf = async (name: "east" | "west") =>
      (await place.core(name).readNamespace({ name: "kube-system" })).metadata?.uid ?? "";
    const outputs = async () => (await place.lectern.pulumi.outputs("staging"))["clusters"];

    it("replaces nothing of a cluster whose API got another address", async () => {
      expect(await outputs()).toEqual({ east: { uid: await uidOf("east") } });
      const before = await place.versions("east", "staging");
      place.reached.east = (account) =>
        place.accounts("east").kubeconfig(account).replace("127.0.0.1", "localhost");
      const moved = await up();
      expect(moved.ok, moved.stdout + moved.stderr).toBe(true);
      expect(moved.steps.filter(({ op }) => op !== "same" && op !== "read")).toMatchObject([
        { op: "update", type: "pulumi:providers:kubernetes", name: "east" },
      ]);
      expect(await place.versions("east", "staging")).toEqual(before);
    });

    it("refuses another cluster in its place, in previews too, and changes neither of them", async () => {
      const before = await place.versions("east", "staging");
      place.reached.east = (account) => place.accounts("west").kubeconfig(account);
      for (const operation of ["preview", "up"] as const) {
        const ended = await place.lectern.run(operation, "staging");
        expect(ended.ok).toBe(false);
        expect(ended.stdout + ended.stderr).toContain(
          `this leads to another cluster than the one that was deployed to: the UID of its namespace kube-system is ${await uidOf("west")}, and was ${await uidOf("east")}`,
        );
      }
      expect(await place.versions("east", "staging")).toEqual(before);
      expect(await place.configMap("west", "staging")).toBeUndefined();
    });

    it("creates everything in a cluster that replaces the one before, once its file says so", async () => {
      const before = await place.versions("east", "staging");
      place.declare("east", {}, { provider: { uid: await uidOf("west") } });
      const refreshed = await place.lectern.run("refresh", "staging", "--run-program");
      expect(refreshed.ok, refreshed.stdout + refreshed.stderr).toBe(true);
      const created = await up();
      expect(created.ok, created.stdout + created.stderr).toBe(true);
      // What was healthy in the other cluster proves nothing in this one.
      const kinds = created.steps
        .filter(({ op }) => op === "create")
        .map(({ type }) => type.split(":").at(-1));
      expect(kinds).toEqual(expect.arrayContaining(["Release", "ReleaseDrift", "HubHealth"]));
      expect(await place.configMap("west", "staging")).toMatchObject({ greeting: "hello" });
      expect(await outputs()).toEqual({ east: { uid: await uidOf("west") } });
      expect(await place.versions("east", "staging")).toEqual(before);
    });
  },
);
