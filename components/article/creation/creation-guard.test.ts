import { describe, expect, it } from "vitest";
import { testContext } from "../../resource/testing/test-context.ts";
import { creationGuard } from "./creation-guard.ts";

const guard = () => creationGuard(testContext({}));

describe("a failure in a deployment", () => {
  it("is passed on only when the engine has called for every announced article", async () => {
    const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
    // No time passes, however long it waits.
    const one = creationGuard(testContext({}, { clock: { now: () => 0, sleep: turn } }));
    one.announce("course/a");
    let passedOn = false;
    const failing = one
      .deploy("course/b", () => Promise.reject(new Error("refused")))
      .catch(() => {
        passedOn = true;
      });
    for (let turns = 0; turns < 5; turns += 1) await turn();
    expect(passedOn).toBe(false);
    await one.deploy("course/a", async () => {});
    await failing;
    expect(passedOn).toBe(true);
  });

  it("is passed on only when a ledger that is about to announce an article is done", async () => {
    const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
    const one = creationGuard(testContext({}, { clock: { now: () => 0, sleep: turn } }));
    one.expectAnnouncement("ledger/course/a");
    let passedOn = false;
    const failing = one
      .deploy("course/b", () => Promise.reject(new Error("refused")))
      .catch(() => {
        passedOn = true;
      });
    await one.deploy("ledger/course/a", async () => one.announce("course/a"));
    for (let turns = 0; turns < 5; turns += 1) await turn();
    expect(passedOn).toBe(false);
    await one.deploy("course/a", async () => {});
    await failing;
    expect(passedOn).toBe(true);
  });

  it("is passed on only when an article that was refused, and removed from the state, is called for again", async () => {
    const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
    const one = creationGuard(testContext({}, { clock: { now: () => 0, sleep: turn } }));
    one.planClearing("course/a");
    let passedOn = false;
    const failing = one
      .deploy("course/b", () => Promise.reject(new Error("refused")))
      .catch(() => {
        passedOn = true;
      });
    for (let turns = 0; turns < 5; turns += 1) await turn();
    one.clearRefused("course/a");
    for (let turns = 0; turns < 5; turns += 1) await turn();
    expect(passedOn).toBe(false);
    await one.deploy("course/a", async () => {});
    await failing;
    expect(passedOn).toBe(true);
  });

  it("does not wait for an announced article that stays as it is", async () => {
    const one = guard();
    one.announce("course/a");
    one.keep("course/a");
    await expect(one.deploy("course/b", () => Promise.reject(new Error("refused")))).rejects.toThrow(
      "refused",
    );
  });

  it("is passed on at last where an announced article does not come", async () => {
    const one = guard();
    one.announce("course/a");
    await expect(one.deploy("course/b", () => Promise.reject(new Error("refused")))).rejects.toThrow(
      "refused",
    );
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
