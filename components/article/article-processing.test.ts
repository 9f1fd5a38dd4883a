import { describe, expect, test } from "vitest";
import { type QbookOptions, startQbook } from "../../sandbox/services/qbook/qbook.ts";
import { Trial } from "./testing/trial-run.ts";
import { atEnd, revisions, trialWith, writes } from "./testing/trial-world.ts";

const world = (options: Partial<QbookOptions> = {}, config: Record<string, string> = {}) =>
  trialWith((base) => startQbook({ ...base, ...options }), config);

describe("processing", () => {
  test("that fails is a failure even with a URL, and the next run sends the content again", async () => {
    const { api, trial, up, preview } = await world();
    api.setFault({ on: "status", fault: "failed-with-url" });
    const run = await up();
    expect(run.error).toContain('qBook could not process "Bell states"');
    expect(trial.saved).toMatchObject({ state: "failed", customId: api.articles()[0]?.customId });
    api.setFault();
    expect((await preview()).lines.join("\n")).toContain("it is sent again");
    expect(writes(await up())).toEqual([`PUT /learn/articles/course/${trial.saved?.["customId"]}`]);
    expect(trial.saved?.["state"]).toBe("processed");
    expect(revisions(api)).toEqual([2]);
  });

  test.each(["stuck", "queued"] as const)("(%s) is not success, and the next run waits on", async (fault) => {
    const { api, trial, up, preview } = await world({}, { processingLimit: "0.05" });
    api.setFault({ on: "status", fault });
    expect((await up()).error).toContain("within 0.05 s");
    expect(trial.saved?.["state"]).toBe("processing");
    api.setFault();
    trial.config["processingLimit"] = "60";
    expect((await preview()).lines.join("\n")).toContain("still processing");
    const next = await up();
    expect([next.error, writes(next)]).toEqual([undefined, []]);
    expect(trial.saved?.["state"]).toBe("processed");
    expect(revisions(api)).toEqual([1]);
  });

  test("that is interrupted is resumed, with nothing sent twice, also after an update", async () => {
    const { api, trial, up } = await world();
    await up();
    trial.write({ text: "Changed" });
    api.setFault({ on: "status", fault: "stuck" });
    const stop = new AbortController();
    const seen = api.calls().length;
    const running = up({ signal: stop.signal });
    // One is before the content is sent.
    const asked = () =>
      api
        .calls()
        .slice(seen)
        .filter(({ operation }) => operation === "status");
    await expect.poll(() => asked().length).toBeGreaterThan(2);
    stop.abort(new Error("interrupted"));
    expect((await running).error).toContain("interrupted");
    expect(trial.saved?.["state"]).toBe("processing");
    api.setFault();
    const next = await up();
    expect([next.error, writes(next)]).toEqual([undefined, []]);
    expect(revisions(api)).toEqual([2]);
  });

  test("is what an interruption ends: a creation under way is seen through, and none is uncertain", async () => {
    const { api, trial, up } = await world();
    api.setFault({ on: "ingest", fault: "slow", delay: 50 });
    const stop = new AbortController();
    const running = up({ signal: stop.signal });
    await expect.poll(() => api.articles().length).toBe(1);
    stop.abort(new Error("interrupted"));
    expect((await running).error).toContain("interrupted");
    expect(trial.saved).toMatchObject({ state: "processing", customId: api.articles()[0]?.customId });
    expect(await up()).not.toHaveProperty("error");
    expect(revisions(api)).toEqual([1]);
  });

  test("of older content is followed by the newer: changed while it was processing", async () => {
    const { api, trial, up } = await world({}, { processingLimit: "0.5" });
    api.setFault({ on: "status", fault: "stuck" });
    await up();
    api.setFault();
    trial.config["processingLimit"] = "60";
    trial.write({ text: "Newer" });
    expect((await up()).error).toBeUndefined();
    expect(revisions(api)).toEqual([2]);
  });

  test("that can't be asked for is resumed too", async () => {
    const { api, trial, up } = await world();
    api.setFault({ on: "status", fault: "malformed" });
    expect((await up()).error).toContain("unexpected response with status");
    expect(trial.saved).toMatchObject({ state: "processing", customId: api.articles()[0]?.customId });
    api.setFault();
    expect((await up()).error).toBeUndefined();
    expect(revisions(api)).toEqual([1]);
  });
});

describe("adoption", () => {
  test("on creation makes no second article, and sends the content once", async () => {
    const first = await world();
    await first.up();
    const customId = first.trial.saved?.["customId"];
    const trial = new Trial(first.api.url);
    atEnd(() => trial.dispose());
    trial.inputs = { customId };
    expect((await trial.preview()).lines).toContain(`course/bell: adopts ${customId} on qBook`);
    const run = await trial.up();
    expect(run.error).toBeUndefined();
    expect(writes(run)).toEqual([`PUT /learn/articles/course/${customId}`]);
    expect((await trial.up()).calls).toEqual([]);
    expect(first.api.articles()).toHaveLength(1);
  });

  test("of what is not there is a clear failure, and not taken for a lost creation", async () => {
    const { api, trial, up } = await world();
    trial.inputs = { customId: "nothing" };
    const { error } = await up();
    expect(error).toContain('lectern:articles["course/bell"].customId: qBook has no article nothing');
    expect(trial.saved?.["state"]).toBe("refused");
    trial.inputs = {};
    expect((await up()).error).toBeUndefined();
    expect(api.articles()).toHaveLength(1);
  });

  test("whose content is refused is no lost creation either, one whose reply is lost is asked about", async () => {
    const first = await world();
    await first.up();
    const customId = first.trial.saved?.["customId"];
    const outcomes = { refuse: "refused", "error-after": undefined } as const;
    for (const [fault, state] of Object.entries(outcomes)) {
      const trial = new Trial(first.api.url);
      atEnd(() => trial.dispose());
      trial.inputs = { customId };
      first.api.setFault({ on: "replace", fault: fault as keyof typeof outcomes });
      expect((await trial.up()).error).toContain("PUT /learn/articles/course/");
      expect(trial.saved?.["state"]).toBe(state);
      first.api.setFault();
      expect((await trial.up()).error).toBeUndefined();
    }
    expect(first.api.articles()).toHaveLength(1);
  });

  test("of another ID leaves the first alone", async () => {
    const { api, trial, up } = await world();
    await up();
    const other = await world();
    await other.up();
    const second = new Trial(api.url);
    atEnd(() => second.dispose());
    await second.up();
    trial.inputs = { customId: second.saved?.["customId"] };
    const run = await up();
    expect(writes(run)).toEqual([`PUT /learn/articles/course/${second.saved?.["customId"]}`]);
    expect(trial.saved?.["customId"]).toBe(second.saved?.["customId"]);
    expect((await up()).calls).toEqual([]);
  });
});
