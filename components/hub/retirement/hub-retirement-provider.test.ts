import { expect, it } from "vitest";
import { LecternError } from "../../problem/problem.ts";
import { testContext } from "../../resource/testing/test-context.ts";
import { refused } from "../release/api/api-problems.ts";
import type { KubernetesApi } from "../release/api/kubernetes-api.ts";
import type { KubernetesObject } from "../release/api/kubernetes-object.ts";
import { fakeApi } from "../release/testing/fake-api.ts";
import { helmRecord } from "../release/testing/helm-record.ts";
import { hubRetirementProvider } from "./hub-retirement-provider.ts";

const INPUTS = { cluster: "east", namespace: "campus", release: "hub" };

const object = (kind: string, name: string, spec: object = {}, apiVersion = "v1"): KubernetesObject => ({
  apiVersion,
  kind,
  metadata: { name },
  spec,
});

const volume = (name: string, claim: string, namespace = "campus") =>
  object("PersistentVolume", name, {
    persistentVolumeReclaimPolicy: "Delete",
    claimRef: { namespace, name: claim },
  });
const claim = (name: string, volumeName?: string) =>
  object("PersistentVolumeClaim", name, volumeName === undefined ? {} : { volumeName });

const HUB = object("Deployment", "hub", { replicas: 1 }, "apps/v1");
const DATABASE = object("StatefulSet", "database", { replicas: 2 }, "apps/v1");
const PULLER = object("DaemonSet", "puller", {}, "apps/v1");
const GONE = object("Deployment", "gone", { replicas: 1 }, "apps/v1");

function setup(change: Partial<KubernetesApi> = {}) {
  const { api, held, put } = fakeApi(
    ...[HUB, DATABASE, PULLER, helmRecord(HUB, DATABASE, PULLER, GONE, object("Service", "hub"))],
    ...[claim("claim-ada", "pv-ada"), volume("pv-ada", "claim-ada")],
    ...[claim("hub-db-dir", "pv-hub"), volume("pv-hub", "hub-db-dir")],
    ...[claim("waits"), claim("taken", "pv-other"), volume("pv-other", "elsewhere", "other")],
  );
  const context = testContext();
  // The API that the provider finds for its cluster in this run.
  const key = JSON.stringify(["kubernetes-api", "east", undefined, undefined, "campus"]);
  context.once(key, async () => ({ ...api, ...change }));
  const spec = (name: string) => held.get(name)?.["spec"];
  return { api, put, context, spec, create: () => hubRetirementProvider.create(INPUTS, context) };
}

const VOLUMES = [
  { claim: "claim-ada", volume: "pv-ada" },
  { claim: "hub-db-dir", volume: "pv-hub" },
];

it("stops every workload of the release, keeps every volume of the namespace, and tells which", async () => {
  const { context, spec, create } = setup();
  const { id, outs } = await create();
  expect(id).toBe("east/campus/hub");
  expect(outs).toEqual({ ...INPUTS, stopped: ["Deployment hub", "StatefulSet database"], volumes: VOLUMES });
  expect([spec("Deployment hub"), spec("StatefulSet database")]).toMatchObject([
    { replicas: 0 },
    { replicas: 0 },
  ]);
  for (const name of ["pv-ada", "pv-hub"])
    expect(spec(`PersistentVolume ${name}`)).toMatchObject({ persistentVolumeReclaimPolicy: "Retain" });
  expect(context.reports.map(({ message }) => message)).toEqual([
    "kept: PersistentVolume pv-ada of the claim campus/claim-ada",
    "kept: PersistentVolume pv-hub of the claim campus/hub-db-dir",
    "PersistentVolumeClaim waits has no volume, so nothing is kept of it",
    "PersistentVolumeClaim taken has no volume, so nothing is kept of it",
  ]);
});

it("leaves the volume of another namespace's claim alone", async () => {
  const { spec, create } = setup();
  await create();
  expect(spec("PersistentVolume pv-other")).toMatchObject({ persistentVolumeReclaimPolicy: "Delete" });
});

it("keeps the volume of a claim that the hub made while it was being stopped", async () => {
  const { api, put, spec, create } = setup({
    patch: (target, ...rest) => {
      if (target.kind === "Deployment") {
        put(claim("claim-late", "pv-late"));
        put(volume("pv-late", "claim-late"));
      }
      return api.patch(target, ...rest);
    },
  });
  const { outs } = await create();
  expect(outs).toMatchObject({ volumes: [...VOLUMES, { claim: "claim-late", volume: "pv-late" }] });
  expect(spec("PersistentVolume pv-late")).toMatchObject({ persistentVolumeReclaimPolicy: "Retain" });
});

it.each(["get", "patch"] as const)("stops nothing where it may not %s volumes, and says so", async (verb) => {
  const forbidden: KubernetesApi["get"] & KubernetesApi["patch"] = async (target, ...rest: never[]) => {
    if (target.kind === "PersistentVolume") throw refused("east", `${verb} a volume`, 403);
    return (api[verb] as (...all: unknown[]) => ReturnType<KubernetesApi["get"]>)(target, ...rest);
  };
  const { api, spec, create } = setup({ [verb]: forbidden });
  await expect(create()).rejects.toThrow(
    /volumes of the namespace campus can't be kept: .* may not get or patch persistentvolumes\. Give it a ClusterRole/,
  );
  expect(spec("Deployment hub")).toMatchObject({ replicas: 1 });
});

it.each([
  ["PersistentVolume", "the reclaim policy of PersistentVolume pv-ada is not Retain"],
  ["Deployment", "Deployment hub is not scaled to zero"],
])("fails where a write to a %s is accepted and does nothing", async (kind, message) => {
  const { api, create } = setup({
    patch: (target, ...rest) => (target.kind === kind ? api.get(target) : api.patch(target, ...rest)),
  });
  await expect(create()).rejects.toThrow(message);
});

it("fails where Helm has no record of what to stop", async () => {
  const { create } = setup({ list: async () => [] });
  await expect(create()).rejects.toThrow(LecternError);
  await expect(create()).rejects.toThrow(/no deployed release hub in Helm's records/);
});

it("changes nothing once it is done, and its deletion says where the volumes are", async () => {
  const { context, create } = setup();
  const { id, outs } = await create();
  expect(await hubRetirementProvider.diff(id, outs, INPUTS, context)).toEqual({ changes: false });
  const other = { ...INPUTS, release: "other" };
  expect(await hubRetirementProvider.diff(id, outs, other, context)).toMatchObject({ changes: true });
  await hubRetirementProvider.delete(id, outs, context);
  expect(context.reports.at(-1)?.message).toBe(
    "the hub is no longer retired here; its volumes stay in the cluster east: PersistentVolume pv-ada of the claim campus/claim-ada, PersistentVolume pv-hub of the claim campus/hub-db-dir",
  );
});
