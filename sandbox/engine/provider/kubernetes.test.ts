import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { newWorld, type World } from "../fixtures/scenario.ts";
import { kubernetesAdapter } from "./kubernetes.ts";

let world: World;
beforeEach(async () => {
  world = await newWorld();
});
afterEach(() => world.remove());

const CANARY = "canary-of-the-adapters";

it("renders manifests, without the secrets in them", {
  timeout: 240_000,
}, async () => {
  const rendered = join(world.stateFolder, "rendered", "dev");
  const adapters = { kubernetes: async () => kubernetesAdapter(rendered) };
  const daemon = (image: string) => ({
    name: "pull",
    type: "kubernetes:apps/v1:DaemonSet",
    props: { metadata: { namespace: "hub" }, spec: { image } },
  });
  const rest = [
    { name: "s", type: "kubernetes:core/v1:Secret", props: { stringData: { key: CANARY } } },
    {
      name: "hub",
      type: "kubernetes:helm.sh/v3:Release",
      props: { chart: "jupyterhub" },
      secret: { values: { token: CANARY } },
    },
  ];
  const first = await world.run("up", [daemon("a@sha256:1"), ...rest], { adapters });
  expect(first).toMatchObject({ ok: true, summary: { create: 4 } });
  expect(readdirSync(rendered).sort()).toEqual([
    "daemonset-hub-pull.yaml",
    "release-hub.yaml",
    "secret-s.yaml",
  ]);
  const files = readdirSync(rendered).map((name) => readFileSync(join(rendered, name), "utf8"));
  expect(JSON.stringify([files, first, world.events])).not.toContain(CANARY);

  const second = await world.run("up", [daemon("a@sha256:2"), ...rest], { adapters });
  expect(second.summary).toEqual({ update: 1, same: 3 });
  expect(second.steps.find(({ op }) => op === "update")?.changed).toEqual(["spec.image"]);

  const last = await world.run("destroy", [], { adapters });
  expect(last.summary).toEqual({ delete: 4 });
  expect(readdirSync(rendered)).toEqual([]);
});

it("renders what clusters have of the same name to files of their own", { timeout: 240_000 }, async () => {
  const rendered = join(world.stateFolder, "rendered", "dev");
  const adapters = { kubernetes: async () => kubernetesAdapter(rendered) };
  const namespaceOf = (cluster: string) => ({
    name: `${cluster}/staging`,
    type: "kubernetes:core/v1:Namespace",
    props: { metadata: { name: "staging" } },
  });
  await world.run("up", [namespaceOf("north"), namespaceOf("south")], { adapters });
  expect(readdirSync(rendered).sort()).toEqual([
    "north-namespace-staging.yaml",
    "south-namespace-staging.yaml",
  ]);
  await world.run("up", [namespaceOf("north")], { adapters });
  expect(readdirSync(rendered)).toEqual(["north-namespace-staging.yaml"]);
});

it("finds nothing to do in a state that contains what a real cluster and Pulumi added", {
  timeout: 240_000,
}, async () => {
  const adapters = { kubernetes: async () => kubernetesAdapter(join(world.stateFolder, "rendered", "dev")) };
  const resources = [
    { name: "campus", type: "pulumi:providers:kubernetes", props: { context: "campus" } },
    { name: "pull", type: "kubernetes:apps/v1:DaemonSet", props: { spec: { image: "a@sha256:1" } } },
  ];
  await world.run("up", resources, { adapters });
  const state = world.state();
  const added = state.deployment.resources.map(({ inputs, outputs, ...resource }) => {
    if (resource.urn.endsWith("::campus"))
      return { ...resource, inputs: { ...Object(inputs), version: "4.34.2", __internal: {} }, outputs };
    if (resource.urn.endsWith("::pull"))
      return { ...resource, inputs, outputs: { ...Object(outputs), __fieldManager: "pulumi", status: {} } };
    return { ...resource, inputs, outputs };
  });
  const imported = { ...state, deployment: { ...state.deployment, resources: added } };
  writeFileSync(join(world.stateFolder, "dev.json"), JSON.stringify(imported));
  for (const operation of ["up", "up"] as const) {
    const run = await world.run(operation, resources, { adapters });
    expect(run, JSON.stringify(run)).toMatchObject({ ok: true, summary: { same: 3 } });
  }
  expect(world.stateText()).toContain("4.34.2");
  // The explicit provider is a resource as others are.
  expect((await world.run("destroy", [], { adapters })).summary).toEqual({ delete: 3 });
});
