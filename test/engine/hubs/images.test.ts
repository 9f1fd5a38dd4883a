import { AppsV1Api } from "@kubernetes/client-node";
import { afterAll, beforeAll, expect, it } from "vitest";
import { requireService } from "../../services/require.ts";
import type { Operated } from "../pulumi.ts";
import { findHubPrograms, HubPlace } from "./hub-place.ts";

// From a Dockerfile of the catalog to the nodes and hubs of both environments. The builds are the stand-in's.
const MINUTES = 60_000;
const GROUP = { slug: "large", display_name: "Large", node_selector: { "kubernetes.io/hostname": "node-1" } };
const PROFILES = [
  { display_name: "Standard" },
  {
    display_name: "Large",
    node_groups: "large",
    kubespawner_override: { image: "lectern://images/lab" },
  },
];

requireService(
  "the real Pulumi with its Kubernetes plugin, and a Kubernetes API",
  findHubPrograms,
  ({ cli, programs }) => {
    let place: HubPlace;
    beforeAll(async () => {
      place = await HubPlace.start(cli, programs, ["east"]);
      place.write("images/lab/Dockerfile", "FROM scratch\nCOPY notes.txt /\n");
      place.write("images/lab/notes.txt", "first\n");
      place.write("clusters/east/common.yaml", {
        hook: false,
        singleuser: { image: "lectern://images/lab" },
      });
      place.write("clusters/east/node-groups.json", JSON.stringify([GROUP]));
      place.write("clusters/east/profiles.yaml", PROFILES);
    }, 5 * MINUTES);
    afterAll(() => place?.stop());

    type Stack = "staging" | "prod";
    const up = (stack: Stack) => place.lectern.run("up", stack, "--continue-on-error");
    async function changes(stack: Stack): Promise<string[]> {
      const ended = await up(stack);
      expect(ended.ok, ended.stdout + ended.stderr).toBe(true);
      return changesOf(ended);
    }

    /** The images that the nodes of an environment hold, by DaemonSet. */
    async function held(stack: Stack) {
      const apps = place.kubeConfig("east").makeApiClient(AppsV1Api);
      const { items } = await apps.listNamespacedDaemonSet({ namespace: "jupyterhub" });
      const own = items.filter(({ metadata }) => metadata?.name?.startsWith(`prepull-${stack}-`));
      const entries = own.map(({ metadata, spec }) => [
        metadata?.name,
        spec?.template.spec?.containers.map(({ image }) => image).filter((image) => image?.includes("/lab@")),
      ]);
      return Object.fromEntries(entries);
    }
    const deployed = async (stack: Stack) => (await place.configMap("east", stack))?.["image"];

    /** Expects that the hub of an environment and its nodes have the same image. @returns it */
    async function image(stack: Stack): Promise<string | undefined> {
      const found = await deployed(stack);
      expect(await held(stack)).toEqual({
        [`prepull-${stack}-anywhere`]: [found],
        [`prepull-${stack}-on-large`]: [found],
      });
      return found;
    }

    it("an image is built in staging alone, and nothing else changes it or the nodes that hold it", {
      timeout: 10 * MINUTES,
    }, async () => {
      expect(await changes("staging")).toContain("create Image hub-image-lab");
      const first = await image("staging");
      expect(first).toMatch(/^docker\.io\/lectern\/built\/lab@sha256:[0-9a-f]{64}$/);
      expect(await changes("staging")).toEqual([]);

      const promoted = await changes("prod");
      expect(promoted).toContain("create DaemonSet east-prepull-prod-on-large");
      expect(promoted.join()).not.toContain("Image ");
      expect(await image("prod")).toBe(first);
      expect(await changes("prod")).toEqual([]);

      // A commit that changes neither what is deployed nor the image.
      place.write("images/spare/Dockerfile", "FROM scratch\nCOPY Dockerfile /\n");
      place.write("clusters/east/README.md", "East\n");
      for (const stack of ["staging", "prod"] as const) expect(await changes(stack)).toEqual([]);
    });

    it("the roles that `lectern cluster rbac` prints are enough for all of that", () => {
      expect(place.refused("east")).toEqual([]);
    });
  },
);

const changesOf = ({ steps }: Operated): string[] =>
  steps
    .filter(({ op }) => op !== "same" && op !== "read")
    .map(({ op, type, name }) => `${op} ${type.split(":").at(-1)} ${name}`);
