import fc from "fast-check";
import { expect, test } from "vitest";
import type { Fault } from "../../../sandbox/services/qbook/faults.ts";
import { startQbook } from "../../../sandbox/services/qbook/qbook.ts";
import type { Kill } from "../testing/trial-run.ts";
import { endTrials, trialWith } from "../testing/trial-world.ts";

/** What happens to an article between its beginning and its rest: one deployment each. */
interface Happening {
  readonly edit: boolean;
  readonly refresh: boolean;
  readonly kill: Kill | undefined;
  readonly fault: Fault | undefined;
}

const kill = fc.record({ call: fc.constantFrom(1, 2, 2, 3, 4), when: fc.constantFrom("before", "after") });
// The creation is where most can go wrong, so it is tried the most.
const on = fc.constantFrom<Fault["on"]>("ingest", "ingest", "ingest", "verify", "replace", "status");
const kind = fc.constantFrom<Fault["fault"]>(
  "drop-reply",
  "reset",
  "refuse",
  "refuse",
  "too-many",
  "error-before",
  "error-after",
  "malformed",
  "failed-with-url",
);
const fault = fc.record({
  on,
  fault: kind,
  times: fc.constantFrom(1, 1, 6),
  retryAfter: fc.constant(0),
});
const happening: fc.Arbitrary<Happening> = fc.record({
  edit: fc.boolean(),
  refresh: fc.boolean(),
  kill: fc.option(kill as fc.Arbitrary<Kill>, { nil: undefined }),
  fault: fc.option(fault, { nil: undefined }),
});

const RUNS = Number(process.env["LECTERN_MODEL_RUNS"] ?? 8);

test("whatever happens, there is never a second article, and in the end there is one, as the catalog says", {
  timeout: 30_000 * RUNS,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 1, maxLength: 5 }), async (happenings) => {
      const { api, trial, up, preview, refresh } = await trialWith(startQbook);
      let edits = 0;
      let looks = 0;
      const step = async ({ edit, refresh: refreshes, kill, fault }: Happening) => {
        if (edit) trial.write({ text: `Edit ${++edits}` });
        if (refreshes) await refresh();
        api.setFault(...(fault ? [fault] : []));
        const planned = await preview();
        expect(planned.calls).toEqual([]);
        const run = await up(kill ? { kill } : {});
        expect(api.articles().length).toBeLessThanOrEqual(1);
        if (!run.error?.includes("lectern:articles")) return run;
        const [there] = api.articles();
        trial.inputs = there ? { customId: there.customId } : { confirmAbsent: `look ${++looks}` };
        return run;
      };
      for (const one of happenings) await step(one);
      const quiet: Happening = { edit: false, refresh: false, kill: undefined, fault: undefined };
      let last = await step(quiet);
      for (let more = 0; more < 3 && last.error !== undefined; more += 1) last = await step(quiet);
      expect(last.error).toBeUndefined();
      const [article] = api.articles();
      expect(trial.saved).toMatchObject({ state: "processed", customId: article?.customId });
      const stored = JSON.stringify(api.article(article?.customId ?? "")?.lessons);
      expect(stored).toContain(edits === 0 ? "A pair of qubits" : `Edit ${edits}"`);
      expect((await step(quiet)).calls).toEqual([]);
      await endTrials();
    }),
    { numRuns: RUNS },
  );
});
