import { describe, expect, it } from "vitest";
import { testContext } from "../../resource/testing/test-context.ts";
import { creationGuard } from "./creation-guard.ts";

type Guard = ReturnType<typeof creationGuard>;

const guard = () => creationGuard(testContext({}));
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Lets all go on that does not wait for a time. */
async function turns(): Promise<void> {
  for (let count = 0; count < 5; count += 1) await turn();
}

/** A guard, and a clock that only the test moves. */
function guardByClock() {
  const clock = { time: 0, now: () => clock.time, sleep: turn };
  return { one: creationGuard(testContext({}, { clock })), clock };
}

/** Whether something has ended by now. */
function watch(work: Promise<unknown>): { ended: boolean } {
  const watched = { ended: false };
  const end = () => {
    watched.ended = true;
  };
  work.then(end, end);
  return watched;
}

const failing = (one: Guard) => one.deploy("course/b", () => Promise.reject(new Error("refused")));

/** Announces an article after a second, for which the engine calls after another one. */
async function announceSlowly(one: Guard, clock: { time: number }): Promise<void> {
  await one.expectAnnouncement("ledger/course/s");
  clock.time += 1_000;
  await one.deploy("ledger/course/s", async () => one.announce("course/s"));
  clock.time += 1_000;
  await one.deploy("course/s", async () => {});
}

describe("a failure in a deployment", () => {
  it("is passed on only when the engine has called for every announced article", async () => {
    const { one } = guardByClock();
    one.announce("course/a");
    const failure = watch(failing(one));
    await turns();
    expect(failure.ended).toBe(false);
    await one.deploy("course/a", async () => {});
    await turns();
    expect(failure.ended).toBe(true);
  });

  it("is passed on only when a ledger that is about to announce an article is done", async () => {
    const { one } = guardByClock();
    await one.expectAnnouncement("ledger/course/a");
    const failure = watch(failing(one));
    await one.deploy("ledger/course/a", async () => one.announce("course/a"));
    await turns();
    expect(failure.ended).toBe(false);
    await one.deploy("course/a", async () => {});
    await turns();
    expect(failure.ended).toBe(true);
  });

  it("waits for what comes after it too, however long it has waited by then", async () => {
    const { one, clock } = guardByClock();
    one.announce("course/a");
    const failure = watch(failing(one));
    clock.time += 10_000;
    await one.expectAnnouncement("ledger/course/c");
    await one.deploy("course/a", async () => {});
    await turns();
    expect(failure.ended).toBe(false);
    await one.deploy("ledger/course/c", async () => one.announce("course/c"));
    clock.time += 10_000;
    await turns();
    expect(failure.ended).toBe(false);
    await one.deploy("course/c", async () => {});
    await turns();
    expect(failure.ended).toBe(true);
  });

  it("is passed on only when an article that was refused, and removed from the state, is called for again", async () => {
    const { one } = guardByClock();
    await one.planClearing("course/a");
    const failure = watch(failing(one));
    await turns();
    one.clearRefused("course/a");
    await turns();
    expect(failure.ended).toBe(false);
    await one.deploy("course/a", async () => {});
    await turns();
    expect(failure.ended).toBe(true);
  });

  it("does not wait for an announced article that stays as it is", async () => {
    const { one } = guardByClock();
    one.announce("course/a");
    one.keep("course/a");
    await expect(failing(one)).rejects.toThrow("refused");
  });

  it("is passed on at last where an announced article does not come", async () => {
    const one = guard();
    one.announce("course/a");
    await expect(failing(one)).rejects.toThrow("refused");
  });

  const begins: Record<string, (one: Guard) => Promise<void>> = {
    "announces no other article": (one) => one.expectAnnouncement("ledger/course/c"),
    "removes no refused article from the state": (one) => one.planClearing("course/c"),
  };
  it.each(Object.entries(begins))("%s until the engine has had time to stop", async (_, begin) => {
    const { one, clock } = guardByClock();
    await announceSlowly(one, clock);
    await expect(failing(one)).rejects.toThrow("refused");
    const next = watch(begin(one));
    // The engine took a second to save an announcement and to go on, and may take that again.
    clock.time += 1_500;
    await turns();
    expect(next.ended).toBe(false);
    clock.time += 1_000;
    await turns();
    expect(next.ended).toBe(true);
  });
});

describe("what a check finds", () => {
  it("fails nothing at once in a deployment, even before anything has begun", () => {
    const one = guard();
    one.begin();
    expect(one.check("course/a", ["is wrong"])).toEqual([]);
    expect(one.mustFail("course/a")).toBe(true);
  });

  it("fails the check in a preview", () => {
    expect(guard().check("course/a", ["is wrong"])).toEqual(["is wrong"]);
  });

  it("fails the deployment of that resource instead once another one has begun", async () => {
    const one = guard();
    await one.deploy("ledger/course/b", async () => {});
    expect(one.check("course/a", ["is wrong", "and more"])).toEqual([]);
    expect(one.mustFail("course/a")).toBe(true);
    await expect(one.deploy("course/a", async () => {})).rejects.toThrow("is wrong\nand more");
  });
});
