import { describe, expect, it } from "vitest";
import { steppingClock, testContext } from "../../../resource/testing/test-context.ts";
import { fakeApi } from "../testing/fake-api.ts";
import { hold } from "./holding.ts";
import { LEASE_SECONDS, leaseFacts, leaseReference, renewedLease } from "./lease-object.ts";

const NAME = { namespace: "campus", release: "hub" };
const REFERENCE = leaseReference(NAME);

function setup() {
  const cluster = fakeApi();
  const held = { ...NAME, cluster: "east", api: cluster.api };
  const facts = () => {
    const lease = cluster.held.get("Lease lectern-hub");
    if (lease === undefined) throw new Error("no Lease");
    return leaseFacts(lease);
  };
  return { ...cluster, heldBy: held, facts };
}

describe("the Lease of a release", () => {
  it("is taken once by a process, and is free and seen through when it is settled", async () => {
    const { heldBy, facts } = setup();
    const context = testContext();
    const holding = await hold(heldBy, context);
    expect(await hold(heldBy, context)).toBe(holding);
    expect(facts()).toMatchObject({ holder: expect.stringMatching(/run run$/), begun: "upgrade" });
    await holding.noteFirstInstall();
    expect(facts().begun).toBe("install");
    await holding.settle();
    expect(facts()).toMatchObject({ holder: undefined, begun: undefined });
  });

  it("stays with a process that renews it, and the other one hears who that is", async () => {
    const { heldBy, api, put } = setup();
    await hold(heldBy, testContext({}, { run: "first" }));
    const clock = steppingClock();
    const renewing = {
      ...clock,
      async sleep(milliseconds: number) {
        await clock.sleep(milliseconds);
        const lease = await api.get(REFERENCE);
        if (lease && clock.slept.length === 10) put(renewedLease(lease, Date.now() + 60_000));
      },
    };
    const second = hold(heldBy, testContext({}, { run: "second", clock: renewing }));
    await expect(second).rejects.toThrow(
      /east\/campus\/hub is being deployed by .*run first, since .*Run again/,
    );
    expect(clock.slept).toHaveLength(10);
  });

  it("is taken over from one that does not, after its whole time, whatever its clock says", async () => {
    const { heldBy, facts } = setup();
    await hold(
      heldBy,
      testContext({}, { run: "first", clock: { ...steppingClock(), now: () => Date.parse("2199-01-01") } }),
    );
    const clock = steppingClock();
    const holding = await hold(heldBy, testContext({}, { run: "second", clock }));
    expect(clock.now()).toBe(LEASE_SECONDS * 1000);
    expect(facts().holder).toMatch(/run second$/);
    expect(holding.begun).toBe("upgrade");
  });

  it("goes to one of two that take it over at once", async () => {
    const { heldBy, facts, api, put } = setup();
    await hold(heldBy, testContext({}, { run: "dead" }));
    const contenders = ["one", "two"].map((run) => {
      const clock = steppingClock();
      const sleep = async (milliseconds: number) => {
        await clock.sleep(milliseconds);
        // The winner renews it as time goes by.
        const lease = await api.get(REFERENCE);
        if (lease && !leaseFacts(lease).holder?.endsWith("dead") && clock.slept.length > LEASE_SECONDS)
          put(renewedLease(lease, clock.now() * 1000));
      };
      return hold(heldBy, testContext({}, { run, clock: { ...clock, sleep } }));
    });
    const outcomes = await Promise.allSettled(contenders);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(facts().holder).toMatch(outcomes[0]?.status === "fulfilled" ? /one$/ : /two$/);
  });

  it("is freed when the run is interrupted with nothing under way, and says what was begun", async () => {
    const { heldBy, facts } = setup();
    const interrupt = new AbortController();
    await hold(heldBy, testContext({}, { signal: interrupt.signal }));
    interrupt.abort();
    await expect.poll(() => facts().holder).toBeUndefined();
    expect(facts().begun).toBe("upgrade");
  });
});
