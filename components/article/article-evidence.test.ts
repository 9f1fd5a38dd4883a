import { describe, expect, test } from "vitest";
import { type QbookOptions, startQbook } from "../../sandbox/services/qbook/qbook.ts";
import { revisions, trialWith, writes } from "./testing/trial-world.ts";

const world = (options: Partial<QbookOptions> = {}, config: Record<string, string> = {}) =>
  trialWith((base) => startQbook({ ...base, ...options }), config);

describe("an update", () => {
  test.each(["html", "malformed", "redirect"] as const)(
    "that is answered with %s is a failure, and the next run sends the content again",
    async (fault) => {
      const { api, trial, up, preview } = await world();
      await up();
      trial.write({ text: "Changed" });
      api.setFault({ on: "replace", fault });
      expect((await up()).error).toContain("PUT /learn/articles/course/");
      api.setFault();
      expect((await preview()).lines.join("\n")).toContain("notebook changed");
      expect((await up()).error).toBeUndefined();
      expect(revisions(api)).toEqual([fault === "html" ? 2 : 3]);
      expect((await up()).calls).toEqual([]);
    },
  );

  test("that qBook still shows the earlier result of is not done, and fails with what it ends as", async () => {
    const { api, trial, up } = await world({ latency: 0 }, { settleTime: "30" });
    await up();
    trial.write({ text: "Changed" });
    api.setFault(
      { on: "replace", fault: "processing-fails", times: 1 },
      { on: "status", fault: "stale", delay: 3000 },
    );
    const run = await up();
    expect(run.lines.join("\n")).toContain("processed, which may still be about the earlier content");
    expect(run.error).toContain("a notebook could not be converted");
    expect(trial.saved).toMatchObject({ state: "failed" });
    api.setFault();
    expect(writes(await up())).toHaveLength(1);
    expect(trial.saved).toMatchObject({ state: "processed", evidence: "status" });
    expect((await up()).calls).toEqual([]);
  });

  test("of which qBook never says anything new is not done before the settling time", async () => {
    const { api, trial, up, preview, refresh } = await world(
      {},
      { processingLimit: "0.05", settleTime: "30" },
    );
    await up();
    trial.write({ text: "Changed" });
    api.setFault({ on: "status", fault: "stale" });
    expect((await up()).error).toContain("processed, which may still be about the earlier content");
    expect(trial.saved).toMatchObject({ state: "processing", pending: { before: { status: "processed" } } });
    await refresh();
    expect(trial.saved?.["state"]).toBe("processing");
    expect((await preview()).lines.join("\n")).toContain("still processing");
    trial.config["settleTime"] = "0";
    const run = await up();
    expect(run.lines.join("\n")).toContain("its status has not changed for 0 s");
    expect(trial.saved).toMatchObject({ state: "processed", evidence: "settled" });
    expect(trial.saved).not.toHaveProperty("pending");
    expect(revisions(api)).toEqual([2]);
  });

  test("is done where qBook was seen to process it, and what makes that credible is kept", async () => {
    const { trial, up } = await world({ latency: 60 }, { settleTime: "30" });
    await up();
    expect(trial.saved).toMatchObject({ evidence: "new" });
    trial.write({ text: "Changed" });
    const run = await up();
    expect(run.lines.at(-1)).toBe(
      "course/bell: qBook has processed the new content: its status changed after it was sent",
    );
    expect(trial.saved).toMatchObject({ state: "processed", evidence: "status" });
  });

  test("of an article that is gone is not sent", async () => {
    const { api, trial, up } = await world();
    await up();
    api.remove(String(trial.saved?.["customId"]));
    trial.write({ text: "Changed" });
    expect(writes(await up())).toEqual([]);
    expect(trial.saved?.["state"]).toBe("gone");
  });
});

describe("what qBook says of an article", () => {
  test("is borne where it can't be understood a few times, or the status is a new one", async () => {
    const { api, trial, up } = await world();
    api.setFault({ on: "status", fault: "malformed", times: 4 }, { on: "status", fault: "queued", times: 2 });
    const run = await up();
    expect(run.error).toBeUndefined();
    expect(run.lines.join("\n")).toContain("asking again");
    expect(run.lines.join("\n")).toContain("qBook: queued");
    expect(trial.saved?.["state"]).toBe("processed");
  });

  test.each(["null-url", "script-url"] as const)(
    "without a URL that a browser opens (%s) is a success without one",
    async (fault) => {
      const { api, trial, up, refresh } = await world();
      api.setFault({ on: "status", fault });
      const run = await up();
      expect(run.error).toBeUndefined();
      expect(run.lines.join("\n")).toContain("warning: qBook has processed it, and gave no URL");
      expect(trial.saved).toMatchObject({ state: "processed" });
      expect(trial.saved).not.toHaveProperty("url");
      expect(trial.stateText).not.toContain("javascript:");
      api.setFault();
      await refresh();
      expect(trial.saved?.["url"]).toMatch(/^http/);
    },
  );

  test("as the reason of a failure is in the error, else where to look", async () => {
    const { api, trial, up } = await world();
    api.setFault({ on: "ingest", fault: "processing-fails" });
    expect((await up()).error).toMatch(
      /qBook could not process "Bell states" \(bell-states-\w+\): a notebook could not be converted\. Fix what it reports; the next run sends it again\./,
    );
    api.setFault({ on: "status", fault: "failed-with-url" });
    expect((await up()).error).toMatch(
      /\(bell-states-\w+\)\. Look at http:\S+\/learn\/bell-states-\w+ for the reason; the next run/,
    );
    expect(trial.saved?.["state"]).toBe("failed");
  });
});
