import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { requireService } from "../../services/require.ts";
import { findHubPrograms, HubPlace, PASSWORD } from "./hub-place.ts";

const MINUTES = 60_000;

requireService(
  "the real Pulumi with its Kubernetes plugin, and a Kubernetes API",
  findHubPrograms,
  ({ cli, programs }) => {
    let place: HubPlace;
    beforeAll(async () => {
      place = await HubPlace.start(cli, programs);
    }, 5 * MINUTES);
    afterAll(() => place.stop());

    const up = (stack: "staging" | "prod", ...options: string[]) =>
      place.lectern.run("up", stack, "--continue-on-error", ...options);

    it("deploys staging, then production what staging proves, on two clusters", {
      timeout: 10 * MINUTES,
    }, async () => {
      const early = await place.lectern.run("up", "staging");
      expect(early.stdout + early.stderr).not.toContain(PASSWORD);
      expect(early.ok, early.stdout + early.stderr).toBe(true);
      expect(await place.configMap("east", "staging")).toEqual({
        greeting: "hello",
        profiles: "0",
        removable: "kept",
      });
      const secret = await place.core("east").readNamespacedSecret({ namespace: "staging", name: "hub" });
      expect(Buffer.from(secret.data?.["password"] ?? "", "base64").toString()).toBe(PASSWORD);
      expect((await place.lectern.pulumi.outputs("staging"))["hubs"]).toMatchObject({
        "east/staging": { healthy: true, chart: "hub 1.0.0" },
        "west/staging": { healthy: true },
      });

      const prod = await up("prod");
      expect(prod.ok, prod.stdout + prod.stderr).toBe(true);
      expect(await place.configMap("west", "prod")).toMatchObject({ greeting: "hello" });

      for (const stack of ["staging", "prod"] as const) {
        const before = await place.versions("east", stack);
        const again = await up(stack);
        expect(again.ok, again.stdout + again.stderr).toBe(true);
        expect(
          Object.keys(again.summary).filter((op) => op !== "same" && op !== "read"),
          stack,
        ).toEqual([]);
        expect(await place.versions("east", stack)).toEqual(before);
      }
      const state = readFileSync(
        join(place.folder, "pulumi/backend/.pulumi/stacks/lectern/staging.json"),
        "utf8",
      );
      expect(state).not.toContain(PASSWORD);
    });

    it("changes nothing of a cluster whose staging hub is not healthy, and the other one's production", {
      timeout: 10 * MINUTES,
    }, async () => {
      for (const name of ["east", "west"] as const)
        place.write(`clusters/${name}/common.yaml`, { greeting: "good morning" });
      place.health.broken.add("west-staging");
      await place.editByHand("west", "prod", { greeting: "edited" });
      const before = await place.versions("west", "prod");

      const staging = await up("staging");
      expect(staging.ok).toBe(false);
      expect(await place.configMap("east", "staging")).toMatchObject({ greeting: "good morning" });

      const prod = await up("prod");
      expect(prod.ok, prod.stdout + prod.stderr).toBe(true);
      expect(prod.stdout + prod.stderr).toContain(
        "the hub west/prod is held: the staging hub west/staging is not healthy",
      );
      const edit = /ConfigMap hub: data\.greeting was changed by kubectl-edit at \S+/;
      expect(prod.stdout + prod.stderr).toMatch(new RegExp(`${edit.source}; it stays while the hub is held`));
      expect(await place.configMap("east", "prod")).toMatchObject({ greeting: "good morning" });
      expect(await place.versions("west", "prod")).toEqual(before);
      expect(await place.lectern.pulumi.outputs("prod")).toMatchObject({
        holds: { "hub/west/prod": { deployed: true } },
        hubs: { "west/prod": { edits: [expect.stringMatching(edit)] } },
      });
      const held = await up("prod");
      expect(Object.keys(held.summary).filter((op) => op !== "same" && op !== "read")).toEqual([]);

      place.health.broken.delete("west-staging");
      for (const stack of ["staging", "prod"] as const) {
        const again = await up(stack);
        expect(again.ok, again.stdout + again.stderr).toBe(true);
      }
      expect(await place.configMap("west", "prod")).toMatchObject({ greeting: "good morning" });
      expect(await place.lectern.pulumi.outputs("prod")).not.toHaveProperty(["hubs", "west/prod", "edits"]);
    });
  },
);
