import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { valueAt } from "../../../components/hub/drift/comparison/field-path.ts";
import { requireService } from "../require.ts";
import { chart, WITHOUT_HOOKS } from "./helm.ts";
import { type Deployed, findReleases, type Releases, startReleases } from "./release-fixture.ts";

const DEPLOYMENT = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "hub" } };
const volumeNamed = (name: string) => ({ apiVersion: "v1", kind: "PersistentVolume", metadata: { name } });
const claimNamed = (name: string) => ({
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: { name },
});
const WAITING = { timeout: 60_000, interval: 200 };

requireService("a Kubernetes API and Helm", findReleases, (programs) => {
  let releases: Releases;

  beforeAll(async () => {
    releases = await startReleases(programs);
  });
  afterAll(() => releases?.cluster.stop());

  const inputsOf = ({ namespace }: Deployed) => ({ cluster: "east", namespace, release: "hub" });

  /** A release whose claim `hub-db-dir` has a volume that goes with it, beside a claim without one. */
  async function installed(namespace: string) {
    const hub = await releases.namespace(namespace);
    await hub.helm("install", "hub", ...chart(), WITHOUT_HOOKS);
    const { api } = hub;
    const volume = `pv-${namespace}`;
    const storage = { accessModes: ["ReadWriteOnce"], storageClassName: "" };
    await api.create({
      ...volumeNamed(volume),
      spec: {
        ...storage,
        capacity: { storage: "1Gi" },
        persistentVolumeReclaimPolicy: "Delete",
        hostPath: { path: `/nowhere/${namespace}` },
        claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", namespace, name: "hub-db-dir" },
      },
    });
    await api.create({
      ...claimNamed("claim-nobody"),
      spec: { ...storage, volumeName: "", resources: { requests: { storage: "5Gi" } } },
    });
    await vi.waitUntil(
      async () => valueAt(await api.get(claimNamed("hub-db-dir")), ["status", "phase"]) === "Bound",
      WAITING,
    );
    return { hub, volume };
  }

  const replicas = async ({ api }: Deployed) => valueAt(await api.get(DEPLOYMENT), ["spec", "replicas"]);

  it("a hub is stopped, and its volume stays when Helm uninstalls the release", async () => {
    const { hub, volume } = await installed("retired");
    const { state, notes } = await hub.run().retirement.create(inputsOf(hub));
    const volumes = [{ claim: "hub-db-dir", volume }];
    expect(state).toEqual({ ...inputsOf(hub), stopped: ["Deployment hub"], volumes });
    expect(notes).toEqual([
      `kept: PersistentVolume ${volume} of the claim retired/hub-db-dir`,
      "PersistentVolumeClaim claim-nobody has no volume, so nothing is kept of it",
    ]);
    expect(await replicas(hub)).toBe(0);
    expect(await hub.run().retirement.diff(state, inputsOf(hub))).toMatchObject({ changes: false });
    await hub.helm("uninstall", "hub", WITHOUT_HOOKS);
    await vi.waitUntil(async () => (await hub.api.get(claimNamed("hub-db-dir"))) === undefined, WAITING);
    await vi.waitUntil(
      async () => valueAt(await hub.api.get(volumeNamed(volume)), ["status", "phase"]) === "Released",
      WAITING,
    );
  });

  it("what was stopped counts as an edit once the hub is no longer retired, and is put back", async () => {
    const { hub } = await installed("back");
    const inputs = { ...inputsOf(hub), change: "1" };
    const { state } = await hub.run().drift.create(inputs);
    await hub.run().retirement.create(inputsOf(hub));
    const { warnings } = await hub.run().drift.diff(state, inputs);
    expect(warnings).toEqual([
      expect.stringMatching(/^Deployment hub: spec\.replicas was changed by lectern-retirement/),
    ]);
    await hub.run().drift.update(state, inputs);
    expect(await replicas(hub)).toBe(1);
  });
});
