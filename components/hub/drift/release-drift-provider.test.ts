import { describe, expect, it } from "vitest";
import type { ProviderContext } from "../../resource/context/context.ts";
import type { Properties } from "../../resource/provide.ts";
import { steppingClock, testContext } from "../../resource/testing/test-context.ts";
import type { KubernetesApi } from "../release/api/kubernetes-api.ts";
import type { KubernetesObject } from "../release/api/kubernetes-object.ts";
import {
  leaseFacts,
  leaseReference,
  renewedLease,
  takenLease,
  withBegun,
} from "../release/lease/lease-object.ts";
import { releaseLeaseProvider } from "../release/lease/release-lease-provider.ts";
import { fakeApi } from "../release/testing/fake-api.ts";
import { helmRecord } from "../release/testing/helm-record.ts";
import { releaseDriftProvider } from "./release-drift-provider.ts";

const NAME = { namespace: "campus", release: "hub" };
const INPUTS = { cluster: "east", ...NAME, change: "first", timeout: 600, maxHistory: 10 };
const CONFIG: KubernetesObject = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "hub" },
  data: { greeting: "hello" },
};

/** A process of its own, as each deployment has one. */
function contextWith(api: KubernetesApi, clock = steppingClock(), signal?: AbortSignal) {
  const context = testContext({}, { clock, signal });
  const key = JSON.stringify(["kubernetes-api", "east", undefined, undefined, "campus"]);
  context.once(key, async () => api);
  return context;
}

/** A release that is deployed, and that the engine knows. */
async function deployed() {
  const cluster = fakeApi(CONFIG, helmRecord(CONFIG));
  const context = contextWith(cluster.api);
  const lease = await releaseLeaseProvider.create(INPUTS, context);
  const drift = await releaseDriftProvider.create({ ...INPUTS, accept: [] }, context);
  return { ...cluster, lease, drift };
}

const leaseIn = (held: ReadonlyMap<string, KubernetesObject>) =>
  held.get("Lease lectern-hub") ?? leaseReference(NAME);

describe.each([{ held: false }, { held: true }])("the drift of a release, held: $held", ({ held }) => {
  it("sees a Lease through that a killed run left, although the release itself does not change any more", async () => {
    const { api, held: objects, put, lease, drift } = await deployed();
    put(withBegun(leaseIn(objects), "upgrade"));
    const wanted = { ...INPUTS, accept: [], held };

    const context = contextWith(api);
    expect(await releaseDriftProvider.diff(drift.id, drift.outs, wanted, context)).toMatchObject({
      changes: true,
    });
    await releaseLeaseProvider.update(lease.id, lease.outs, INPUTS, context);
    const { outs } = await releaseDriftProvider.update(drift.id, drift.outs, wanted, context);
    expect(leaseFacts(leaseIn(objects))).toMatchObject({ holder: undefined, begun: undefined });

    const next = contextWith(api);
    expect(await releaseDriftProvider.diff(drift.id, outs, wanted, next)).toEqual({ changes: false });
    expect(await releaseLeaseProvider.diff(lease.id, lease.outs, INPUTS, next)).toEqual({ changes: false });
  });
});

describe("while Helm uninstalls a release", () => {
  const deletesOf = (drift: Properties, lease: Properties, context: ProviderContext) => ({
    // As the engine does: the release itself goes between them.
    first: () => releaseDriftProvider.delete("east/campus/hub", drift, context),
    last: () => releaseLeaseProvider.delete("east/campus/hub", lease, context),
  });

  it("its Lease is held, by a run that notes nothing to see through, and goes with it", async () => {
    const { api, held: objects, lease, drift } = await deployed();
    const { first, last } = deletesOf(drift.outs, lease.outs, contextWith(api));
    await first();
    expect(leaseFacts(leaseIn(objects))).toMatchObject({
      holder: expect.stringMatching(/run run$/),
      begun: undefined,
    });
    await last();
    expect(objects.has("Lease lectern-hub")).toBe(false);
  });

  it("another run that deploys it is not disturbed, and is named", async () => {
    const { api, held: objects, put, lease, drift } = await deployed();
    const other = () => takenLease(NAME, objects.get("Lease lectern-hub"), "another run", 0);
    put(other());
    const clock = steppingClock();
    const sleep = async (milliseconds: number) => {
      await clock.sleep(milliseconds);
      put(renewedLease(leaseIn(objects), clock.now()));
    };
    const { first } = deletesOf(drift.outs, lease.outs, contextWith(api, { ...clock, sleep }));
    await expect(first()).rejects.toThrow("is being deployed by another run");
    expect(leaseFacts(leaseIn(objects)).holder).toBe("another run");
  });

  it("it is free again where the release stays after all", async () => {
    const { api, held: objects, lease, drift } = await deployed();
    const end = new AbortController();
    const { first } = deletesOf(drift.outs, lease.outs, contextWith(api, steppingClock(), end.signal));
    await first();
    end.abort();
    await expect.poll(() => leaseFacts(leaseIn(objects)).holder).toBeUndefined();
    const next = contextWith(api);
    expect(await releaseLeaseProvider.diff(lease.id, lease.outs, INPUTS, next)).toEqual({ changes: false });
  });

  it("there is nothing to hold where the Lease is gone", async () => {
    const { api, held: objects, lease, drift } = await deployed();
    objects.delete("Lease lectern-hub");
    const { first, last } = deletesOf(drift.outs, lease.outs, contextWith(api));
    await first();
    await last();
    expect(objects.has("Lease lectern-hub")).toBe(false);
  });
});

describe("what is around a release", () => {
  it("is gone for a refresh once somebody has uninstalled it, so that the next deployment installs it", async () => {
    const { api, held: objects, drift } = await deployed();
    expect(await releaseDriftProvider.read(drift.id, drift.outs, contextWith(api))).toMatchObject({
      id: drift.id,
    });
    for (const name of objects.keys()) if (name.startsWith("Secret sh.helm.")) objects.delete(name);
    expect(await releaseDriftProvider.read(drift.id, drift.outs, contextWith(api))).toEqual({ id: "" });
  });

  it("changes with the timeout and the number of revisions, for which Helm upgrades the release", async () => {
    const { api, lease, drift } = await deployed();
    for (const change of [{ timeout: 300 }, { maxHistory: 5 }]) {
      const wanted = { ...INPUTS, ...change };
      const context = contextWith(api);
      const diffs = [
        await releaseLeaseProvider.diff(lease.id, lease.outs, wanted, context),
        await releaseDriftProvider.diff(drift.id, drift.outs, { ...wanted, accept: [] }, context),
      ];
      expect(diffs).toMatchObject([{ changes: true }, { changes: true }]);
    }
  });

  it("does not change where an earlier version of Lectern did not note them", async () => {
    const { api, lease, drift } = await deployed();
    const earlier = ({ timeout: _, maxHistory: __, ...outs }: typeof lease.outs) => outs;
    const context = contextWith(api);
    const diffs = [
      await releaseLeaseProvider.diff(lease.id, earlier(lease.outs), INPUTS, context),
      await releaseDriftProvider.diff(drift.id, earlier(drift.outs), { ...INPUTS, accept: [] }, context),
    ];
    expect(diffs).toEqual([{ changes: false }, { changes: false }]);
  });
});
