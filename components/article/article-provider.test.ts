import { describe, expect, onTestFinished, test, vi } from "vitest";
import { type QbookOptions, startQbook } from "../../sandbox/services/qbook/qbook.ts";
import { POST, revisions, trialWith, writes } from "./testing/trial-world.ts";

const world = (options: Partial<QbookOptions> = {}, config: Record<string, string> = {}) =>
  trialWith((base) => startQbook({ ...base, ...options }), config);

describe("a new article", () => {
  test("is verified for, sent once, and waited for", async () => {
    const { api, trial, up } = await world({ latency: 300 });
    const run = await up();
    expect(run.error).toBeUndefined();
    const [article] = api.articles();
    expect(writes(run)).toEqual([POST]);
    expect(run.calls[0]).toBe("GET /users/verify");
    expect(trial.saved).toMatchObject({
      state: "processed",
      customId: article?.customId,
      title: "Bell states",
      applied: { fingerprint: trial.savedInputs["fingerprint"] },
    });
    expect(trial.saved?.["url"]).toMatch(/^http:.*\/learn\/bell-states-/);
    expect(run.lines.join("\n")).toMatch(/course\/bell: created on qBook as bell-states-/);
    expect(run.lines.join("\n")).toMatch(/course\/bell: qBook: processing/);
  });

  test("makes no call in a preview, nor in a second up with nothing changed", async () => {
    const { preview, up } = await world();
    expect((await preview()).calls).toEqual([]);
    await up();
    expect(await up()).toMatchObject({ calls: [], killed: false });
    expect((await preview()).calls).toEqual([]);
  });

  test("is sent with the stack's title prefix and visibility, and its paths from the repository's root", async () => {
    const { api, trial, up } = await world();
    trial.inputs = { titlePrefix: "[staging] ", visibility: "private" };
    await up();
    const stored = api.article(String(trial.saved?.["customId"]));
    expect(stored?.data).toMatchObject({
      courseName: "[staging] Bell states",
      visibility: "private",
      content: [{ baseFilePath: "courses/bell/pairs.ipynb" }],
    });
  });
});

test("what is sent names the attempt of the CI run, and forces duplicate questions where that is configured", async () => {
  const { up } = await world({}, { forceDuplicateQuestions: "true", runAttempt: "3" });
  const sent = vi.spyOn(globalThis, "fetch");
  onTestFinished(() => sent.mockRestore());
  expect((await up()).error).toBeUndefined();
  const posted = sent.mock.calls.find(([, init]) => init?.method === "POST")?.[1];
  expect(JSON.parse(String(posted?.body))).toMatchObject({ forceDuplicateQuestions: true, runAttempt: 3 });
});

describe("a changed article", () => {
  test("is one PUT to the same ID, and reports what changed", async () => {
    const { api, trial, up, preview } = await world();
    await up();
    trial.write({ text: "Changed" });
    const plan = await preview();
    expect(plan.lines.join("\n")).toContain("course/bell: chapter 1 'Pairs': notebook changed");
    expect(plan.calls).toEqual([]);
    const run = await up();
    const [article] = api.articles();
    expect(writes(run)).toEqual([`PUT /learn/articles/course/${article?.customId}`]);
    expect(revisions(api)).toEqual([2]);
    expect((await up()).calls).toEqual([]);
  });

  test("is no change where only the commit is new", async () => {
    const { trial, up } = await world();
    await up();
    trial.git("commit", "--quiet", "--allow-empty", "--message=More");
    expect((await up()).calls).toEqual([]);
  });

  test.each(["titlePrefix", "visibility"])("is sent again when the stack's %s changes", async (key) => {
    const { api, trial, up } = await world();
    await up();
    trial.inputs = { [key]: "private" };
    const run = await up();
    expect(run.lines.join("\n")).toContain("changed");
    expect(revisions(api)).toEqual([2]);
  });

  test("whose PUT finds nothing is gone, and is not created by itself", async () => {
    const { api, trial, up } = await world();
    await up();
    const old = String(trial.saved?.["customId"]);
    api.remove(old);
    trial.write({ text: "Changed" });
    const run = await up();
    expect(trial.saved?.["state"]).toBe("gone");
    const asked = new RegExp(`was on qBook as ${old}, http\\S+/learn/${old}, and no longer is`);
    expect(run.error).toMatch(asked);
    expect((await up()).error).toMatch(asked);
    expect(api.articles()).toEqual([]);
  });

  test("whose PUT fails keeps its state, and is sent again by the next run", async () => {
    const { api, trial, up } = await world();
    await up();
    const before = trial.stateText;
    trial.write({ text: "Changed" });
    api.setFault({ on: "replace", fault: "refuse" });
    const failed = await up();
    expect(failed.error).toContain("INVALID_ARTICLE: this article is not accepted");
    expect(JSON.parse(trial.stateText)[1].outs).toEqual(JSON.parse(before)[1].outs);
    api.setFault();
    expect((await up()).error).toBeUndefined();
    expect(revisions(api)).toEqual([2]);
  });

  test("survives every passing fault of a call that may be repeated", async () => {
    for (const fault of ["reset", "drop-reply", "error-before", "error-after", "too-many"] as const) {
      const { api, trial, up } = await world();
      await up();
      trial.write({ text: fault });
      api.setFault(
        { on: "verify", fault, times: 1, retryAfter: 0 },
        { on: "replace", fault, times: 1, retryAfter: 0 },
        { on: "status", fault, times: 1, retryAfter: 0 },
      );
      expect(await up(), fault).not.toHaveProperty("error");
      expect(trial.saved?.["state"], fault).toBe("processed");
      expect(api.articles(), fault).toHaveLength(1);
    }
  });
});

test("a destroyed article is forgotten with a warning about what stays, and no call", async () => {
  const { trial, up, destroy } = await world();
  await up();
  const { customId, url } = trial.saved ?? {};
  const run = await destroy();
  expect(run.calls).toEqual([]);
  expect(run.lines).toEqual([
    `course/bell: warning: "Bell states" (${customId}, ${url}) stays on qBook; the qBook API can't delete articles. Delete it there if it is no longer needed.`,
  ]);
});

test("an article that is held stays as it is, whatever the folder holds by now", async () => {
  const { api, trial, up } = await world();
  await up();
  const { fingerprint, title } = trial.savedInputs;
  trial.write({ title: "", text: "later" });
  trial.inputs = { fingerprint, title };
  expect(await up()).toEqual({ calls: [], lines: [], killed: false });
  expect(revisions(api)).toEqual([1]);
});
