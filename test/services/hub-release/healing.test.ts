import type { ChildProcess } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import {
  LEASE_SECONDS,
  leaseFacts,
  leaseReference,
} from "../../../components/hub/release/lease/lease-object.ts";
import { releaseHistory, storedRecord } from "../../../components/hub/release/record/release-history.ts";
import { requireService } from "../require.ts";
import { chart, WITHOUT_HOOKS } from "./helm.ts";
import { type Deployed, findReleases, type Releases, type Run, startReleases } from "./release-fixture.ts";

const named = (apiVersion: string, kind: string, name: string) => ({ apiVersion, kind, metadata: { name } });
const CONFIG = named("v1", "ConfigMap", "hub");
const EXTRA = named("v1", "ConfigMap", "extra");
const DEPLOYMENT = named("apps/v1", "Deployment", "hub");
const HOOK = named("batch/v1", "Job", "before");
const VOLUME = named("v1", "PersistentVolumeClaim", "hub-db-dir");

/** Hooks only where one of them is to wait. */
const hooksFor = (wait: string) => (wait === "never" ? [WITHOUT_HOOKS] : []);

const WAITING = { timeout: 60_000, interval: 100 };

/** What an upgrade that is killed sets: fields that change, fields that come, an object that comes. */
const UPGRADE = { greeting: "upgraded", extra: true, sidecar: true, logLevel: "DEBUG" };

requireService("a Kubernetes API and Helm", findReleases, (programs) => {
  let releases: Releases;

  beforeAll(async () => {
    releases = await startReleases(programs);
  });
  afterAll(() => releases?.cluster.stop());

  const inputsOf = ({ namespace }: Deployed, change = "1") => ({
    cluster: "east",
    namespace,
    release: "hub",
    change,
  });

  /** Kills Helm some time after its record says that it is at it. */
  async function killed(hub: Deployed, helm: ChildProcess, status: string, milliseconds: number) {
    await vi.waitUntil(async () => (await hub.history())[0]?.endsWith(status), {
      timeout: 60_000,
      interval: 20,
    });
    await pause(milliseconds);
    const ended = new Promise((done) => helm.once("exit", done));
    if (helm.kill("SIGKILL")) await ended;
  }

  /** The objects of the release without what every write changes. */
  async function snapshot(hub: Deployed) {
    const objects = await Promise.all(
      [CONFIG, EXTRA, DEPLOYMENT, VOLUME].map((object) => hub.api.get(object)),
    );
    return objects.map(
      (object) => object && { data: object["data"], spec: object["spec"], uid: object.metadata.uid },
    );
  }

  /** What a first run leaves: the release, its Lease free and seen through. */
  async function installed(namespace: string, ...flags: string[]) {
    const hub = await releases.namespace(namespace);
    const run = hub.run();
    const { state } = await run.lease.create(inputsOf(hub));
    await hub.helm("install", "hub", ...chart(), WITHOUT_HOOKS, ...flags);
    await run.drift.create(inputsOf(hub));
    expect(await hub.run().lease.diff(state, inputsOf(hub))).toMatchObject({ changes: false, warnings: [] });
    return { hub, state };
  }

  /** A run that takes the release and does not live to see it deployed. */
  async function begun(namespace: string) {
    const hub = await releases.namespace(namespace);
    const run = hub.run();
    const { state } = await run.lease.create(inputsOf(hub));
    return { hub, state, run };
  }

  describe.each([
    ["server-side", "--server-side=true"],
    ["client-side", "--server-side=false"],
  ])("an upgrade that Helm applies %s and that is killed", (name, flag) => {
    it.each([
      ["while it waits for the hook before it", "before", 0],
      ["as it begins", "never", 0],
      ["in its middle", "never", 150],
      ["while it waits for the hook after it", "after", 3_000],
    ])("%s goes back to the last deployed revision, and can be made again", async (moment, wait, delay) => {
      const { hub, state } = await installed(`up-${name}-${moment.replaceAll(" ", "-")}`.slice(0, 60), flag);
      const before = await snapshot(hub);
      const upgrade = hub.start("upgrade", "hub", ...chart({ ...UPGRADE, wait }), ...hooksFor(wait));
      await killed(hub, upgrade, "pending-upgrade", delay);
      // A kill can come too late.
      if ((await hub.history())[0] === "2 pending-upgrade") {
        const next = hub.run();
        expect(await next.lease.diff(state, inputsOf(hub))).toMatchObject({ changes: true });
        const { warnings } = await next.lease.update(state, inputsOf(hub));
        expect(warnings).toEqual([
          expect.stringMatching(
            /^revision 2 \(pending-upgrade\) was interrupted: the release is at revision 1 again/,
          ),
        ]);
        expect(await hub.history()).toEqual(["1 deployed"]);
        expect(await snapshot(hub)).toEqual(before);
      }
      // The hook that waited would be in the way of the next one.
      expect(await hub.api.get(HOOK)).toBeUndefined();
      await hub.helm("upgrade", "hub", ...chart(UPGRADE), WITHOUT_HOOKS);
      expect((await hub.history())[0]).toMatch(/^\d deployed/);
      expect((await hub.api.get(CONFIG))?.["data"]).toMatchObject({ greeting: "upgraded", extra: "yes" });
    });
  });

  it.each([
    ["before", 0],
    ["never", 100],
    ["after", 3_000],
  ])(
    "a first installation that is killed (%s, %i ms) is taken over with its volumes",
    async (wait, delay) => {
      const { hub, state, run } = await begun(`install-${wait}-${delay}`);
      const install = hub.start("install", "hub", ...chart({ wait }), ...hooksFor(wait));
      await killed(hub, install, "pending-install", delay);
      if ((await hub.history())[0] !== "1 pending-install") return;
      const [, , , volume] = await snapshot(hub);
      const secret = await hub.api.get(named("v1", "Secret", "hub"));
      run.end();
      await shortened(hub);
      const next = hub.run();
      expect(await next.lease.diff(state, inputsOf(hub))).toMatchObject({ changes: true });
      const { warnings } = await next.lease.update(state, inputsOf(hub));
      expect(warnings).toEqual([expect.stringMatching(/^the first installation was interrupted/)]);
      expect(await hub.history()).toEqual([]);
      await hub.helm("install", "hub", ...chart(), WITHOUT_HOOKS);
      expect(await hub.history()).toEqual(["1 deployed"]);
      if (volume) expect((await snapshot(hub))[3]).toEqual(volume);
      if (secret) expect((await hub.api.get(named("v1", "Secret", "hub")))?.["data"]).toEqual(secret["data"]);
      const { state: drift } = await next.drift.create(inputsOf(hub));
      expect(await hub.run().drift.diff(drift, inputsOf(hub))).toMatchObject({
        changes: false,
        warnings: [],
      });
    },
  );

  it.each(["before", "after"])(
    "a rollback that is killed (%s) goes back to what was deployed",
    async (wait) => {
      const hub = await releases.namespace(`rollback-${wait}`);
      await hub.helm("install", "hub", ...chart(), WITHOUT_HOOKS);
      await hub.helm("upgrade", "hub", ...chart({ ...UPGRADE, wait: "never" }), WITHOUT_HOOKS);
      const before = await snapshot(hub);
      // The revision that is rolled back to is the one whose hooks wait.
      await rewritten(hub, wait);
      const rollback = hub.start("rollback", "hub", "1");
      await killed(hub, rollback, "pending-rollback", 2_000);
      const { warnings } = await hub.run().lease.create(inputsOf(hub));
      expect(warnings).toEqual([
        expect.stringMatching(
          /^revision 3 \(pending-rollback\) was interrupted: the release is at revision 2/,
        ),
      ]);
      expect(await hub.history()).toEqual(["2 deployed", "1 superseded"]);
      const now = await snapshot(hub);
      // Before the hook after it, the rollback deletes what only the newer revision has: that is created again.
      const [config, extra, ...others] = before;
      const uid = wait === "after" ? now[1]?.uid : extra?.uid;
      expect(now).toEqual([config, { ...extra, uid }, ...others]);
      await hub.helm("upgrade", "hub", ...chart(), WITHOUT_HOOKS);
    },
  );

  it("an upgrade that Helm rolls back by itself and that is killed then is healed, too", async () => {
    const { hub, state } = await installed("rolling-back");
    const before = await snapshot(hub);
    const values = chart({ ...UPGRADE, wait: "after" });
    const upgrade = hub.start("upgrade", "hub", ...values, "--rollback-on-failure", "--timeout=4s");
    await killed(hub, upgrade, "pending-rollback", 0);
    const { warnings } = await hub.run().lease.update(state, inputsOf(hub));
    if ((await hub.history())[0]?.startsWith("3")) return;
    expect(warnings[0]).toMatch(/^revision 3 \(pending-rollback\) was interrupted/);
    expect(await hub.history()).toEqual(["2 failed", "1 deployed"]);
    expect(await snapshot(hub)).toEqual(before);
    await hub.helm("upgrade", "hub", ...chart(UPGRADE), WITHOUT_HOOKS);
  });

  it("an installation that ended after its run was killed is installed again over what is there", async () => {
    const { hub, state, run } = await begun("unknown");
    await hub.helm("install", "hub", ...chart(), WITHOUT_HOOKS);
    const before = await snapshot(hub);
    await freed(hub, run);
    const next = hub.run();
    expect(await next.lease.diff(state, inputsOf(hub))).toMatchObject({ changes: true });
    const { warnings } = await next.lease.update(state, inputsOf(hub));
    expect(warnings).toEqual([
      expect.stringMatching(/^revision 1 was installed for a run that was interrupted/),
    ]);
    await hub.helm("install", "hub", ...chart(), WITHOUT_HOOKS, "--replace");
    expect((await hub.history())[0]).toBe("2 deployed");
    expect((await snapshot(hub)).map((object) => object?.uid)).toEqual(before.map((object) => object?.uid));
  });

  it("a release that the engine knew after all counts as deployed again", async () => {
    const { hub, state, run } = await begun("known");
    await hub.helm("install", "hub", ...chart(), WITHOUT_HOOKS);
    await freed(hub, run);
    const next = hub.run();
    await next.lease.update(state, inputsOf(hub));
    expect(await hub.history()).toEqual(["1 failed"]);
    await next.drift.create(inputsOf(hub));
    expect(await hub.history()).toEqual(["1 deployed"]);
    expect(await hub.run().lease.diff(state, inputsOf(hub))).toMatchObject({ changes: false });
  });

  it("of two runs one has the Lease and the other hears who, until it is not renewed any more", async () => {
    const { hub, state, run } = await begun("two");
    await expect(hub.run().lease.create(inputsOf(hub))).rejects.toThrow(
      new RegExp(`east/two/hub is being deployed by .*run ${run.context.runId}`),
    );
    const upgrade = hub.start("install", "hub", ...chart({ wait: "before" }));
    await killed(hub, upgrade, "pending-install", 0);
    run.end();
    const begin = Date.now();
    await hub.run().lease.update(state, inputsOf(hub));
    expect(Date.now() - begin).toBeGreaterThan(LEASE_SECONDS * 900);
  });

  /** Ends a run, which frees the Lease where nothing is under way. */
  async function freed(hub: Deployed, run: Run) {
    run.end();
    await vi.waitUntil(async () => {
      const lease = await hub.api.get(leaseReference({ namespace: hub.namespace, release: "hub" }));
      return lease && leaseFacts(lease).holder === undefined;
    }, WAITING);
  }

  /** Lets a Lease that nobody renews run out soon. */
  async function shortened(hub: Deployed) {
    const lease = await hub.api.get(leaseReference({ namespace: hub.namespace, release: "hub" }));
    if (lease === undefined) throw new Error("no Lease");
    await hub.api.replace({ ...lease, spec: { ...(lease["spec"] as object), leaseDurationSeconds: 3 } });
  }

  /** Has the hooks of revision 1 wait for a node that does not exist. */
  async function rewritten(hub: Deployed, wait: string) {
    const history = await releaseHistory(hub.api, { namespace: hub.namespace, release: "hub" });
    const first = history.at(-1);
    const found = first && (await storedRecord(hub.api, first));
    if (found === undefined) throw new Error("no record");
    const { stored } = found.record;
    const text = JSON.stringify(stored).replaceAll(
      new RegExp(`(name: ${wait}\\\\n.*?restartPolicy: Never)`, "g"),
      "$1\\n      nodeSelector: {missing: node}",
    );
    const release = Buffer.from(gzipSync(text).toString("base64")).toString("base64");
    await hub.api.replace({ ...found.secret, data: { release } });
  }
});
