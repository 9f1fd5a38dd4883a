import { describe, expect, test } from "vitest";
import type { Fault } from "../../../sandbox/services/qbook/faults.ts";
import { type QbookOptions, startQbook } from "../../../sandbox/services/qbook/qbook.ts";
import { POST, trialWith, writes } from "../testing/trial-world.ts";

const world = (options: Partial<QbookOptions> = {}, config: Record<string, string> = {}) =>
  trialWith((base) => startQbook({ ...base, ...options }), config);

describe("a creation whose reply is lost", () => {
  const lost: Fault["fault"][] = [
    ...(["drop-reply", "error-after", "error-before", "html", "malformed", "redirect", "reset"] as const),
    "slow",
  ];

  test.each(lost)("(%s) is uncertain, and no run sends it again by itself", async (fault) => {
    const { api, trial, up, preview } = await world({}, fault === "slow" ? { requestTimeout: "2" } : {});
    api.setFault({ on: "ingest", fault, delay: 6000 });
    const run = await up();
    // The platform may still be at work after the reply was given up.
    if (fault === "slow") await expect.poll(() => api.articles()).toHaveLength(1);
    const count = api.articles().length;
    expect(run.error).toContain("POST /learn/articles/course/ingest");
    expect(run.error).toContain('lectern:articles to {"course/bell":{"customId":"…"}}');
    expect(trial.saved?.["state"]).toBe("uncertain");
    api.setFault();
    const plan = await preview();
    expect(plan.error).toContain("the result is unknown");
    expect(plan.error).toContain("confirmAbsent");
    const again = await up();
    expect([again.calls, again.error]).toEqual([[], plan.error]);
    expect(api.articles()).toHaveLength(count);
  });

  test("sends a person to the address of qBook's site, where it is configured", async () => {
    const { api, up, preview } = await world({}, { siteUrl: "https://qbook.example.org/mine" });
    api.setFault({ on: "ingest", fault: "drop-reply", times: 1 });
    const look = "Check on qBook (https://qbook.example.org/mine) whether it exists.";
    expect((await up()).error).toContain(look);
    expect((await preview()).error).toContain(look);
  });

  test("is adopted by the ID that a person found", async () => {
    const { api, trial, up, preview } = await world();
    api.setFault({ on: "ingest", fault: "drop-reply", times: 1 });
    await up();
    const [article] = api.articles();
    trial.inputs = { customId: article?.customId };
    expect((await preview()).lines.join("\n")).toContain(`adopts ${article?.customId}`);
    const run = await up();
    expect(run.error).toBeUndefined();
    expect(writes(run)).toEqual([`PUT /learn/articles/course/${article?.customId}`]);
    expect(api.articles()).toHaveLength(1);
    expect((await up()).calls).toEqual([]);
  });

  test("is created once more where a person confirmed that it is not there: one answer, one attempt", async () => {
    const { api, trial, up, preview } = await world();
    api.setFault({ on: "ingest", fault: "reset", times: 1 });
    await up();
    trial.inputs = { confirmAbsent: true };
    expect((await preview()).lines.join("\n")).toContain("confirmed not to be on qBook");
    api.setFault({ on: "ingest", fault: "drop-reply", times: 1 });
    expect((await up()).error).toContain("is unknown");
    expect(api.articles()).toHaveLength(1);
    // The same answer does not count for another attempt.
    expect((await preview()).error).toContain("true was for an earlier attempt");
    expect((await up()).calls).toEqual([]);
    api.remove(api.articles()[0]?.customId ?? "");
    trial.inputs = { confirmAbsent: "looked again" };
    expect((await up()).error).toBeUndefined();
    expect(api.articles()).toHaveLength(1);
    expect((await up()).calls).toEqual([]);
  });
});

describe("a creation that was announced, and of which nothing else is known", () => {
  test("fails the preview with what is to be answered, and no run sends it by itself", async () => {
    const { api, trial, up, preview } = await world();
    // The run ends after the ledger was saved: whether its article was sent, nothing can tell.
    expect((await up({ kill: { call: 2, when: "before" } })).killed).toBe(true);
    const plan = await preview();
    expect(plan.error).toContain('"Bell states" may have been sent to qBook for creation');
    expect(plan.error).toContain('{"course/bell":{"confirmAbsent":true}}');
    expect(await up()).toMatchObject({ calls: [], error: plan.error });
    expect(trial.saved).toBeUndefined();
    trial.inputs = { customId: "mistaken" };
    expect((await up()).error).toContain("qBook has no article mistaken");
    trial.inputs = {};
    expect((await preview()).error).toBe(plan.error);
    trial.inputs = { confirmAbsent: true };
    expect((await preview()).error).toBeUndefined();
    expect((await up()).error).toBeUndefined();
    expect(api.articles()).toHaveLength(1);
  });
});

describe("a creation that certainly failed", () => {
  test.each(["refuse", "echo"] as const)("(%s) may be tried by the next run", async (fault) => {
    const { api, trial, up, preview } = await world();
    api.setFault({ on: "ingest", fault });
    const refused = await up();
    expect(refused.error).toContain("POST /learn/articles/course/ingest: status 400 (INVALID_");
    expect(trial.saved?.["state"]).toBe("refused");
    const plan = (await preview()).lines.join("\n");
    expect(plan).toContain("refused it before");
    expect(plan).toContain(
      'where it is protected, set lectern:articles to {"course/bell":{"confirmAbsent":true}}',
    );
    expect((await up()).error).toContain("status 400");
    api.setFault();
    expect((await up()).error).toBeUndefined();
    expect(api.articles()).toHaveLength(1);
    expect((await up()).calls).toEqual([]);
  });

  test("is tried again at once after 429, as nothing was done", async () => {
    const { api, up } = await world();
    api.setFault({ on: "ingest", fault: "too-many", times: 2, retryAfter: 0 });
    const run = await up();
    expect(run.error).toBeUndefined();
    expect(writes(run)).toEqual([POST, POST, POST]);
    expect(api.articles()).toHaveLength(1);
  });
});

describe("refresh", () => {
  test("takes over status and URL", async () => {
    const { api, trial, up, refresh } = await world();
    await up();
    api.setFault({ on: "status", fault: "failed-with-url" });
    await refresh();
    expect(trial.saved?.["state"]).toBe("failed");
    api.setFault();
    await refresh();
    expect(trial.saved?.["state"]).toBe("processed");
  });

  test("finds what is gone: the next preview reports it, and only a person's answer creates it again", async () => {
    const { api, trial, up, preview, refresh } = await world();
    await up();
    const old = String(trial.saved?.["customId"]);
    api.remove(old);
    await refresh();
    expect(trial.saved?.["state"]).toBe("gone");
    expect((await preview()).error).toMatch(
      new RegExp(`was on qBook as ${old}, http\\S+/learn/${old}, and no longer is`),
    );
    expect((await up()).calls).toEqual([]);
    trial.inputs = { confirmAbsent: true };
    expect((await up()).error).toBeUndefined();
    expect(api.articles()).toHaveLength(1);
    expect(trial.saved?.["customId"]).not.toBe(old);
    expect((await up()).calls).toEqual([]);
  });

  test("without a network is an error, and the state stays", async () => {
    const { api, trial, up, refresh } = await world();
    await up();
    const before = trial.stateText;
    await api.stop();
    expect((await refresh()).error).toContain("ECONNREFUSED");
    expect(trial.stateText).toBe(before);
  });
});
