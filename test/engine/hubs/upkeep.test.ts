import { delimiter, dirname } from "node:path";
import { AppsV1Api, PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { requireService } from "../../services/require.ts";
import type { Operated } from "../pulumi.ts";
import { findHubProgramsWithHelm, HubPlace, PASSWORD } from "./hub-place.ts";

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

    const greet = (greeting: string) => place.write("clusters/east/common.yaml", { greeting, hook: false });
    const greeting = async () => (await place.configMap("east", "staging"))?.["greeting"];
    const preview = () => succeeded(place.lectern.run("preview", "staging"));
    const up = () => succeeded(place.lectern.run("up", "staging"));

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
        const hub = { namespace: "staging", name: "hub", fieldManager: "kubectl-edit" };
        const merge = setHeaderOptions("Content-Type", PatchStrategy.StrategicMergePatch);
        const core = place.core("east");
        await core.patchNamespacedConfigMap(
          { ...hub, body: { data: { greeting: "edited", added: "by hand" } } },
          merge,
        );
        const containers = [{ name: "hub", env: [{ name: "GREETING", value: "edited" }] }];
        const body = { spec: { template: { spec: { containers } } } };
        await place
          .kubeConfig("east")
          .makeApiClient(AppsV1Api)
          .patchNamespacedDeployment({ ...hub, body }, merge);
        await core.deleteNamespacedSecret({ namespace: "staging", name: "hub" });
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

    it("a hub that is unhealthy after a change goes back to its last healthy values, and stays there", async () => {
      greet("good evening");
      place.declare("east", { staging: { health: place.healthOf("east-staging", { limit: 3 }) } });
      place.health.broken.add("east-staging");
      const unhealthy = await place.lectern.run("up", "staging");
      expect(unhealthy.ok).toBe(false);
      expect(await greeting()).toBe("good evening");

      place.health.broken.delete("east-staging");
      place.declare("east", { staging: { rollback: true } });
      const back = await up();
      expect(messages(back)).toContainEqual(
        expect.stringContaining(
          "the hub east/staging is rolled back to its last healthy deployment, hub 1.0.0",
        ),
      );
      expect(await greeting()).toBe("hello");
      await expectNoChange();
    });

    /** A deployment changes neither the cluster nor the stack. */
    async function expectNoChange(): Promise<void> {
      const before = await versions();
      const { steps } = await up();
      expect(steps.filter(({ op }) => op !== "same" && op !== "read")).toEqual([]);
      expect(await versions()).toEqual(before);
    }
  },
);

const messages = ({ diagnostics }: Operated): string[] => diagnostics.map(({ message }) => message.trim());
