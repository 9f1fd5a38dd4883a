import { writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { AppsV1Api, PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { requireService } from "../../services/require.ts";
import type { Operated } from "../pulumi.ts";
import { findHubProgramsWithHelm, HubPlace, PASSWORD, RBAC_HUBS } from "./hub-place.ts";

const MINUTES = 60_000;

requireService(
  "the real Pulumi with its Kubernetes plugin, a Kubernetes API and Helm",
  findHubProgramsWithHelm,
  ({ cli, programs, helm }) => {
    let place: HubPlace;
    beforeAll(async () => {
      place = await HubPlace.start(cli, programs, ["east"]);
      const { environment } = place.lectern.pulumi;
      environment["PATH"] = [environment["PATH"], dirname(helm)].join(delimiter);
      greet("hello");
      await up();
    }, 5 * MINUTES);
    afterAll(() => place?.stop());

    const values = (given: object) => place.write("clusters/east/common.yaml", { hook: false, ...given });
    const greet = (greeting: string) => values({ greeting });
    const greeting = async () => (await place.configMap("east", "staging"))?.["greeting"];
    /** By the account that may only read. */
    async function preview(): Promise<Operated> {
      place.as = "preview";
      const ended = await succeeded(place.lectern.run("preview", "staging"));
      place.as = undefined;
      return ended;
    }
    const up = (stack = "staging") => succeeded(place.lectern.run("up", stack));

    async function succeeded(running: Promise<Operated>): Promise<Operated> {
      const ended = await running;
      expect(ended.stdout + ended.stderr).not.toContain(PASSWORD);
      expect(ended.ok, ended.stdout + ended.stderr).toBe(true);
      return ended;
    }

    /** The versions of everything that a deployment, or a person, changes. */
    async function versions(): Promise<string[]> {
      const apps = place.kubeConfig("east").makeApiClient(AppsV1Api);
      const { metadata } = await apps.readNamespacedDeployment({ namespace: "staging", name: "hub" });
      return [...(await place.versions("east", "staging")), `generation ${metadata?.generation}`];
    }

    it("a preview names the objects that change and what users notice, and nothing of a hub that does not change", async () => {
      const objects = /Deployment hub|ConfigMap hub|hub east\/staging: /;
      expect(messages(await preview()).filter((message) => objects.test(message))).toEqual([]);

      greet("good morning");
      const before = await versions();
      const [message = "", ...others] = messages(await preview()).filter((one) => objects.test(one));
      expect(others).toEqual([]);
      expect(message.split("\n").slice(0, -1)).toEqual([
        "hub east/staging: 2 objects",
        "  ConfigMap hub: key greeting hello → good morning",
        "  Deployment hub: env GREETING hello → good morning",
        "  values: greeting hello → good morning",
        expect.stringContaining("the hub restarts"),
      ]);
      expect(await versions()).toEqual(before);
      greet("hello");
    });

    describe("what somebody edits by hand", () => {
      const EDITS = [
        "ConfigMap hub: data.added was added by kubectl-edit",
        "ConfigMap hub: data.greeting was changed by kubectl-edit",
        "Deployment hub: spec.template.spec.containers[hub].env[GREETING].value was changed by kubectl-edit",
        "Secret hub is gone",
      ];

      it("is named by a preview, and put back by the next deployment, and by no other", async () => {
        const cookie = await secret();
        await edit();
        const before = await versions();
        expect(edits(await preview())).toEqual(EDITS);
        expect(await versions()).toEqual(before);
        await succeeded(place.lectern.run("refresh", "staging"));
        expect(await versions()).toEqual(before);

        const restored = await up();
        expect(restored.steps.filter(({ op }) => op !== "same" && op !== "read")).toMatchObject([
          { op: "update", name: "east/staging", type: "pulumi-nodejs:dynamic/lectern:ReleaseDrift" },
        ]);
        expect(await place.configMap("east", "staging")).toEqual({
          greeting: "hello",
          profiles: "0",
          removable: "kept",
        });
        expect(await secret()).toEqual(cookie);
        const apps = place.kubeConfig("east").makeApiClient(AppsV1Api);
        const { spec } = await apps.readNamespacedDeployment({ namespace: "staging", name: "hub" });
        expect(spec?.template.spec?.containers[0]?.env).toEqual([{ name: "GREETING", value: "hello" }]);
        await expectNoChange();
      });

      const secret = async () =>
        (await place.core("east").readNamespacedSecret({ namespace: "staging", name: "hub" })).data;

      async function edit(): Promise<void> {
        await place.editByHand("east", "staging", { greeting: "edited", added: "by hand" });
        const hub = { namespace: "staging", name: "hub", fieldManager: "kubectl-edit" };
        const merge = setHeaderOptions("Content-Type", PatchStrategy.StrategicMergePatch);
        const containers = [{ name: "hub", env: [{ name: "GREETING", value: "edited" }] }];
        const body = { spec: { template: { spec: { containers } } } };
        await place
          .kubeConfig("east")
          .makeApiClient(AppsV1Api)
          .patchNamespacedDeployment({ ...hub, body }, merge);
        await place.core("east").deleteNamespacedSecret({ namespace: "staging", name: "hub" });
      }

      const edits = (ended: Operated) =>
        messages(ended)
          .flatMap(
            (message) =>
              /^east\/staging\/staging: (.*?)( at \S+)?; the next deployment puts it back/.exec(
                message.trim(),
              )?.[1] ?? [],
          )
          .sort();
    });

    it("a hub that is unhealthy after a change goes back to its last healthy chart and values, and stays there", async () => {
      greet("good evening");
      const template = "charts/hub/templates/more.yaml";
      place.write(template, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: more}\n");
      place.declare("east", { staging: { health: place.healthOf("east-staging", { limit: 3 }) } });
      place.health.broken.add("east-staging");
      const unhealthy = await place.lectern.run("up", "staging");
      expect(unhealthy.ok).toBe(false);
      expect(await greeting()).toBe("good evening");
      expect(await names()).toContain("more");

      // While it is held, it is what it is, and no run fails for it.
      place.declare("east", { staging: { hold: true } });
      const before = await versions();
      await up();
      expect(await versions()).toEqual(before);
      expect(messages(await expectNoChange())).toContainEqual(
        "east/staging/health: the hub east/staging is not healthy, and is not checked again while it is held",
      );
      expect(await healthy()).toBe(false);

      place.health.broken.delete("east-staging");
      place.declare("east", { staging: { rollback: true } });
      const back = await up();
      expect(messages(back)).toContainEqual(
        "the hub east/staging is rolled back to its last healthy deployment, hub 1.0.0",
      );
      expect(await greeting()).toBe("hello");
      expect(await names()).not.toContain("more");
      place.write(template, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: again}\n");
      expect(messages(await expectNoChange())).toContainEqual(
        "the hub east/staging has `rollback: true`, and already runs its last healthy deployment, hub 1.0.0",
      );
    });

    const healthy = async () => {
      const { hubs } = await place.lectern.pulumi.outputs("staging");
      return (hubs as Record<string, { healthy: boolean }>)["east/staging"]?.healthy;
    };

    it("a hub is not healthy where a command of its operator's fails, and is once it succeeds", async () => {
      const command = 'test -n "$LECTERN_HUB_URL" && test -f verified';
      place.declare("east", { staging: { verify: [`cd ${place.folder} && ${command}`] } });
      const failed = await place.lectern.run("up", "staging", "--continue-on-error");
      expect(failed.ok).toBe(false);
      expect(await healthy()).toBe(false);
      writeFileSync(join(place.folder, "verified"), "");
      await up();
      expect(await healthy()).toBe(true);
      await expectNoChange();
    });

    const names = async () => {
      const { items } = await place.core("east").listNamespacedConfigMap({ namespace: "staging" });
      return items.map(({ metadata }) => metadata?.name);
    };

    it("an upgrade of JupyterHub backs the hub's database up first", async () => {
      place.declare("east");
      await place.createVolume("east", "staging");
      values({ database: true });
      await up();
      const chart = { apiVersion: "v2", name: "hub", version: "1.0.0", appVersion: "5.5.0" };
      place.write("charts/hub/Chart.yaml", chart);
      await up();
      expect((await stored("staging", "HubDatabaseBackup"))?.outputs).toMatchObject({
        backup: {
          from: "JupyterHub 5.4.0",
          to: "JupyterHub 5.5.0",
          file: expect.stringMatching(/^jupyterhub\.sqlite\.lectern-/),
        },
      });
    });

    it("a production hub that is retired is stopped first, then removed; its volume stays", async () => {
      await place.createVolume("east", "prod");
      await up("prod");
      expect((await stored("prod", "Release"))?.protect).toBe(true);
      const apps = place.kubeConfig("east").makeApiClient(AppsV1Api);
      const hub = { namespace: "prod", name: "hub" };
      expect((await apps.readNamespacedDeployment(hub)).spec?.replicas).toBe(1);

      place.declare("east", { prod: { retire: true } });
      await place.accounts("east").grant(RBAC_HUBS.map((one) => ({ ...one, retire: true })));
      const stopped = await up("prod");
      expect(messages(stopped).join("\n")).toContain(
        "kept: PersistentVolume volume-prod of the claim prod/hub-db-dir",
      );
      expect((await apps.readNamespacedDeployment(hub)).spec?.replicas).toBe(0);
      expect((await stored("prod", "Release"))?.protect ?? false).toBe(false);
      const volumes = [{ claim: "hub-db-dir", volume: "volume-prod" }];
      expect((await stored("prod", "HubRetirement"))?.outputs).toMatchObject({ volumes });
      const again = await up("prod");
      expect(again.steps.filter(({ op }) => op !== "same" && op !== "read")).toEqual([]);

      place.declare("east", { prod: null });
      const before = place.asked("east").length;
      const removed = await up("prod");
      // The Lease is taken before Helm begins, and goes once it is done.
      const asked = place.asked("east").slice(before);
      const positions = [
        "update leases prod/lectern-prod",
        "delete deployments prod/hub",
        "delete leases prod/lectern-prod",
      ].map((request) => asked.indexOf(request));
      expect(positions).not.toContain(-1);
      expect(positions).toEqual(positions.toSorted((a, b) => a - b));
      expect(messages(removed).join("\n")).toContain(
        "its volumes stay in the cluster east: PersistentVolume volume-prod of the claim prod/hub-db-dir",
      );
      expect(await stored("prod", "Release")).toBeUndefined();
      expect((await apps.listNamespacedDeployment({ namespace: "prod" })).items).toEqual([]);
      const { spec, metadata } = await place.core("east").readPersistentVolume({ name: "volume-prod" });
      expect(spec?.persistentVolumeReclaimPolicy).toBe("Retain");
      expect(metadata?.deletionTimestamp).toBeUndefined();
      await place.core("east").readNamespace({ name: "prod" });
    });

    it("the roles that `lectern cluster rbac` prints are enough for all of that", () => {
      expect(place.refused("east")).toEqual([]);
    });

    const stored = async (stack: string, kind: string) =>
      (await place.lectern.pulumi.resources(stack)).find(({ urn }) =>
        urn.split("::")[2]?.endsWith(`:${kind}`),
      );

    /** A deployment changes neither the cluster nor the stack. */
    async function expectNoChange(): Promise<Operated> {
      const before = await versions();
      const ended = await up();
      expect(ended.steps.filter(({ op }) => op !== "same" && op !== "read")).toEqual([]);
      expect(await versions()).toEqual(before);
      return ended;
    }
  },
);

const messages = ({ diagnostics }: Operated): string[] => diagnostics.map(({ message }) => message.trim());
