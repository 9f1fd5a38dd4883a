import fc from "fast-check";
import pLimit from "p-limit";
import { expect, it } from "vitest";
import type { Clock } from "../../resource/context/clock.ts";
import { testContext } from "../../resource/testing/test-context.ts";
import { creationGuard } from "./creation-guard.ts";

/** A clock that moves on when nothing can go on without it. */
class VirtualClock implements Clock {
  #time = 0;
  #sleepers: { readonly at: number; readonly wake: () => void }[] = [];

  now(): number {
    return this.#time;
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((wake) => this.#sleepers.push({ at: this.#time + milliseconds, wake }));
  }

  /** Runs until nothing sleeps any more. */
  async run(): Promise<void> {
    for (;;) {
      for (let count = 0; count < 20; count += 1) await Promise.resolve();
      await new Promise((resolve) => setImmediate(resolve));
      const [first, ...others] = this.#sleepers.toSorted((one, other) => one.at - other.at);
      if (!first) return;
      this.#sleepers = others;
      this.#time = first.at;
      first.wake();
    }
  }
}

/** A new article, or one with an open question, which fails without being announced; times in milliseconds. */
interface Trial {
  readonly fate: "pass" | "fail" | "ask";
  readonly work: number;
}

interface Story {
  readonly trials: readonly Trial[];
  /** How long the engine takes to save its state. */
  readonly save: number;
  readonly goesOn: boolean;
}

const WIDTH = 3;

/** What an engine does: checks come one by one, saves too, and a failure stops it once it is saved. */
async function deployed({ trials, save, goesOn }: Story) {
  const clock = new VirtualClock();
  const guard = creationGuard(testContext({}, { clock }));
  const [checks, saves, slots] = [pLimit(1), pLimit(1), pLimit(WIDTH)];
  const saved = () => saves(() => clock.sleep(save));
  const [announced, called] = [new Set<string>(), new Set<string>()];
  let isOpen = true;
  const stopped = () => new Promise<never>(() => {});
  const step = async (check: () => Promise<void>, act: () => Promise<void>) => {
    await checks(check);
    if (!isOpen) return stopped();
    await saved();
    await act().catch(async (error: unknown) => {
      await saved();
      isOpen &&= goesOn;
      if (!isOpen) return stopped();
      throw error;
    });
    await saved();
  };
  const create = async ({ fate, work }: Trial, id: string) => {
    const ledger = `ledger/${id}`;
    const announce = async () => {
      guard.announce(id);
      announced.add(id);
    };
    if (fate !== "ask") {
      await step(
        () => guard.expectAnnouncement(ledger),
        () => guard.deploy(ledger, announce),
      );
    }
    const act = async () => {
      called.add(id);
      await clock.sleep(fate === "ask" ? 0 : work);
      if (fate !== "pass") throw new Error(fate);
    };
    await step(
      () => clock.sleep(5),
      () => guard.deploy(id, act),
    );
  };
  trials.forEach((trial, index) => void slots(() => create(trial, `course/${index}`)).catch(() => {}));
  await clock.run();
  return { announced, called };
}

const trial: fc.Arbitrary<Trial> = fc.record({
  fate: fc.constantFrom("pass", "pass", "fail", "ask"),
  work: fc.constantFrom(0, 10, 100, 1_000, 60_000),
});
const story: fc.Arbitrary<Story> = fc.record({
  trials: fc.array(trial, { minLength: 2, maxLength: 12 }),
  save: fc.constantFrom(0, 3, 30, 300, 700),
  goesOn: fc.boolean(),
});

it("a deployment that fails leaves no article announced that the engine has not called for", async () => {
  await fc.assert(
    fc.asyncProperty(story, async (one) => {
      const { announced, called } = await deployed(one);
      expect([...announced].filter((id) => !called.has(id))).toEqual([]);
      if (one.goesOn) expect(called.size).toBe(one.trials.length);
    }),
  );
});
