import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Clock } from "../../../resource/context/clock.ts";
import type { KubernetesObject } from "../api/kubernetes-object.ts";
import { fakeApi } from "../testing/fake-api.ts";
import { LEASE_SECONDS, leaseFacts, takenLease } from "./lease-object.ts";
import { RENEWAL, renewing, Survival } from "./renewal.ts";

const NAME = { namespace: "campus", release: "hub" };
const SECOND = 1000;
const MINUTE = 60 * SECOND;

const record = (revision: number, status: string): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: `sh.helm.release.v1.hub.v${revision}`, labels: { version: String(revision), status } },
});

const clock: Clock = { now: () => Date.now(), sleep: () => Promise.reject(new Error("not in a renewal")) };

/** A Lease that is renewed for an engine. The time is that of a fake clock. */
function setup({ timeout = 600 } = {}) {
  const cluster = fakeApi(takenLease(NAME, undefined, "first", Date.now()));
  const engine = { isThere: true };
  const lost = vi.fn();
  const held = { ...NAME, api: cluster.api, holder: "first", timeout };
  const stop = renewing(held, { clock }, lost, async () => engine.isThere);
  const version = () => cluster.held.get("Lease lectern-hub")?.metadata.resourceVersion;
  /** Whether another process would find the Lease alive all the time. */
  const staysAlive = async (milliseconds: number) => {
    for (const end = Date.now() + milliseconds; Date.now() < end; ) {
      const before = version();
      await vi.advanceTimersByTimeAsync(LEASE_SECONDS * SECOND);
      if (version() === before) return false;
    }
    return true;
  };
  return { ...cluster, engine, lost, stop, staysAlive };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("a Lease whose engine was killed", () => {
  it.each(["pending-install", "pending-upgrade", "pending-rollback", "uninstalling"])(
    "is renewed for as long as Helm may wait while the record is %s",
    async (status) => {
      const { engine, put, staysAlive } = setup({ timeout: 600 });
      put(record(1, status));
      engine.isThere = false;
      expect(await staysAlive(39 * MINUTE)).toBe(true);
      expect(await staysAlive(2 * MINUTE)).toBe(false);
    },
  );

  it("is renewed through every step of an upgrade that fails and is rolled back", async () => {
    const { engine, put, staysAlive } = setup({ timeout: 600 });
    put(record(1, "deployed"));
    put(record(2, "pending-upgrade"));
    engine.isThere = false;
    // A hook before the upgrade, the objects and a hook after it each take the whole timeout.
    for (let step = 0; step < 3; step++) {
      expect(await staysAlive(30 * MINUTE)).toBe(true);
      put(record(2, "pending-upgrade"));
    }
    put(record(2, "failed"));
    await vi.advanceTimersByTimeAsync(20 * SECOND);
    put(record(3, "pending-rollback"));
    expect(await staysAlive(30 * MINUTE)).toBe(true);
    put(record(3, "deployed"));
    expect(await staysAlive(2 * MINUTE)).toBe(false);
  });

  it("is renewed until Helm, which was called before, writes its first record", async () => {
    const { engine, put, staysAlive } = setup({ timeout: 60 });
    engine.isThere = false;
    await vi.advanceTimersByTimeAsync(20 * SECOND);
    put(record(1, "pending-install"));
    expect(await staysAlive(3 * MINUTE)).toBe(true);
  });

  it("runs out soon where Helm does nothing", async () => {
    const { engine, put, staysAlive } = setup();
    put(record(1, "deployed"));
    engine.isThere = false;
    expect(await staysAlive(2 * MINUTE)).toBe(false);
  });

  it("runs out although another process listens at the engine's address later", async () => {
    const { engine, put, staysAlive } = setup({ timeout: 60 });
    put(record(1, "pending-upgrade"));
    engine.isThere = false;
    expect(await staysAlive(MINUTE)).toBe(true);
    engine.isThere = true;
    expect(await staysAlive(6 * MINUTE)).toBe(false);
  });
});

it("a Lease is renewed for as long as its engine is there, and no longer than it is held", async () => {
  const { put, held, lost, stop, staysAlive } = setup();
  put(record(1, "pending-upgrade"));
  expect(await staysAlive(300 * MINUTE)).toBe(true);
  put(takenLease(NAME, held.get("Lease lectern-hub"), "second", Date.now()));
  expect(await staysAlive(MINUTE)).toBe(false);
  expect(lost).toHaveBeenCalledOnce();
  stop();
  expect(leaseFacts(held.get("Lease lectern-hub") ?? record(0, "")).holder).toBe("second");
});

it("whatever Helm does, a Lease is renewed while it may be at work, and not for ever", () => {
  const statuses = fc.constantFrom("none", "deployed", "failed", "pending-upgrade", "uninstalling");
  const looks = fc.array(fc.record({ status: statuses, isWritten: fc.boolean() }), { maxLength: 50 });
  fc.assert(
    fc.property(looks, fc.integer({ min: 0, max: 120 }), (all, timeout) => {
      const survival = new Survival(timeout);
      let [now, written, last] = [0, 0, 0];
      const look = (status: string) => {
        now += RENEWAL;
        const { metadata, ...of } = record(1, status);
        const secret = { ...of, metadata: { ...metadata, resourceVersion: String(written) } };
        return survival.goesOn(now, status === "none" ? undefined : { revision: 1, status, secret });
      };
      for (const { status, isWritten } of all) {
        if (isWritten) written++;
        const isBusy = status === "pending-upgrade" || status === "uninstalling";
        const goesOn = look(status);
        if (isWritten) last = now;
        if (isBusy && now - last < 4 * timeout * SECOND) expect(goesOn).toBe(true);
      }
      const end = all.at(-1)?.status ?? "none";
      const limit = Math.max(30, 4 * timeout) * SECOND;
      for (let waited = 0; waited < limit; waited += RENEWAL) look(end);
      expect(look(end)).toBe(false);
    }),
  );
});
