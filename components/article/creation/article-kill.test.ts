import { describe, expect, test } from "vitest";
import type { Fault } from "../../../sandbox/services/qbook/faults.ts";
import { type Qbook, startQbook } from "../../../sandbox/services/qbook/qbook.ts";
import { type Kill, type Run, type Trial, TrialProcess } from "../testing/trial-run.ts";
import { trialWith } from "../testing/trial-world.ts";

interface World {
  readonly api: Qbook;
  readonly trial: Trial;
}

/** Without a settling time, during which the number of calls is not determined. */
const world = (): Promise<World> => trialWith(startQbook, { settleTime: "0" });

/** Runs until all is well; where Lectern asks a person, the answer is what the API really has. */
async function untilSettled({ api, trial }: World): Promise<Run> {
  let answers = 0;
  for (let runs = 0; runs < 6; runs += 1) {
    const run = await trial.up();
    if (run.error === undefined) return run;
    if (!run.error.includes("lectern:articles")) continue;
    const [there] = api.articles();
    answers += 1;
    trial.inputs = there
      ? { customId: there.customId }
      : { confirmAbsent: answers === 1 ? true : `look ${answers}` };
  }
  throw new Error("it did not settle");
}

/** What must hold in the end, wherever a run was killed. */
async function expectOneArticle({ api, trial }: World, text: string) {
  const [article, ...others] = api.articles();
  expect(others).toEqual([]);
  expect(trial.saved).toMatchObject({ state: "processed", customId: article?.customId });
  const stored = api.article(article?.customId ?? "");
  expect(JSON.stringify(stored?.lessons)).toContain(text);
  expect((await trial.up()).calls).toEqual([]);
}

/** Does `act` killed at its first call, then at its second, … until it has no call left to be killed at. */
async function atEveryCall(
  when: Kill["when"],
  prepare: (world: World) => Promise<unknown>,
  judge: (world: World) => Promise<void>,
): Promise<number> {
  for (let call = 1; ; call += 1) {
    const one = await world();
    await prepare(one);
    const { killed } = await one.trial.up({ kill: { call, when } });
    one.api.setFault();
    if (killed) await untilSettled(one);
    await judge(one);
    if (!killed) return call - 1;
  }
}

describe.each(["before", "after"] as const)("killed %s the API did what a call asked", (when) => {
  test("a creation ends with one article", async () => {
    const points = await atEveryCall(
      when,
      async () => {},
      (one) => expectOneArticle(one, "A pair of qubits"),
    );
    expect(points).toBe(3);
  });

  test("an update ends with the new content in the same article", async () => {
    const points = await atEveryCall(
      when,
      async ({ trial }) => {
        await trial.up();
        trial.write({ text: "Changed" });
      },
      (one) => expectOneArticle(one, "Changed"),
    );
    // One more call than a creation: what is there before it is sent.
    expect(points).toBe(4);
  });

  const troubles: Fault[] = [
    { on: "ingest", fault: "refuse", times: 1 },
    { on: "ingest", fault: "drop-reply", times: 1 },
    { on: "ingest", fault: "reset", times: 1 },
    { on: "status", fault: "failed-with-url", times: 1 },
  ];
  test.each(troubles)("the run after a creation with $fault ends with one article", async (fault) => {
    const points = await atEveryCall(
      when,
      async ({ api, trial }) => {
        api.setFault(fault);
        await trial.up();
        const [there] = api.articles();
        if (trial.saved?.["state"] === "uncertain") {
          trial.inputs = there ? { customId: there.customId } : { confirmAbsent: true };
        }
      },
      (one) => expectOneArticle(one, "A pair of qubits"),
    );
    expect(points).toBeGreaterThanOrEqual(3);
  });

  test("the run that creates again what was gone ends with one article", async () => {
    const points = await atEveryCall(
      when,
      async ({ api, trial }) => {
        await trial.up();
        api.remove(String(trial.saved?.["customId"]));
        await trial.refresh();
        trial.inputs = { confirmAbsent: true };
      },
      (one) => expectOneArticle(one, "A pair of qubits"),
    );
    expect(points).toBe(3);
  });
});

test("a provider process that serves two deployments does not take the second for the first", async () => {
  const { api, trial } = await world();
  const process = new TrialProcess(trial.config);
  await trial.up({ process, kill: { call: 2, when: "after" } });
  const again = await trial.up({ process });
  expect(again.error).toContain("may have been sent to qBook");
  expect(api.articles()).toHaveLength(1);
});
