import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { Fault } from "../../sandbox/services/qbook/faults.ts";
import { type Qbook, type QbookOptions, startQbook } from "../../sandbox/services/qbook/qbook.ts";
import { type Run, SECRETS, Trial } from "./trial-run.ts";

const endings: (() => Promise<void> | void)[] = [];
const seen: Run[] = [];

afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

async function world(options: Partial<QbookOptions> = {}, config: Record<string, string> = {}) {
  const folder = mkdtempSync(join(tmpdir(), "lectern-qbook-"));
  endings.push(() => rmSync(folder, { recursive: true, force: true }));
  const api = await startQbook({ folder, apiKey: SECRETS.apiKey, latency: 0, ...options });
  endings.push(() => api.stop());
  const trial = new Trial(api.url, config);
  endings.push(() => trial.dispose());
  // Whatever happens in a test: no secret is in the state, in what is said, or on the stand-in's disk.
  endings.push(() => {
    const said = JSON.stringify([trial.stateText, ...seen.splice(0)]);
    const stored = readdirSync(join(folder, "articles")).map((name) =>
      readFileSync(join(folder, "articles", name), "utf8"),
    );
    for (const secret of Object.values(SECRETS)) {
      expect(said).not.toContain(secret);
      expect(stored.join()).not.toContain(secret);
    }
  });
  const watched = (run: Promise<Run>) =>
    run.then((done) => {
      seen.push(done);
      return done;
    });
  return {
    api,
    trial,
    up: (...args: Parameters<Trial["up"]>) => watched(trial.up(...args)),
    preview: () => watched(trial.preview()),
    refresh: () => watched(trial.refresh()),
    destroy: () => watched(trial.destroy()),
  };
}

const writes = (run: Run) => run.calls.filter((call) => !call.startsWith("GET"));
const revisions = (api: Qbook) => api.articles().map(({ revision }) => revision);
const POST = "POST /learn/articles/course/ingest";

describe("a new article", () => {
  test("is verified for, sent once, and waited for", async () => {
    const { api, trial, up } = await world({ latency: 30 });
    const run = await up();
    expect(run.error).toBeUndefined();
    const [article] = api.articles();
    expect(writes(run)).toEqual([POST]);
    expect(run.calls[0]).toBe("GET /users/verify");
    expect(trial.saved).toMatchObject({
      state: "processed",
      customId: article?.customId,
      title: "Bell states",
      applied: { fingerprint: trial.saved?.["fingerprint"] },
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

describe("a changed article", () => {
  test("is one PUT to the same id, and says what changed", async () => {
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
    api.remove(String(trial.saved?.["customId"]));
    trial.write({ text: "Changed" });
    const run = await up();
    expect(trial.saved?.["state"]).toBe("gone");
    expect(run.error).toContain("is not there any more");
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

describe("a creation whose reply is lost", () => {
  const lost: Fault["fault"][] = ["drop-reply", "error-after", "error-before", "malformed", "reset", "slow"];

  test.each(lost)("(%s) is uncertain, and no run sends it again by itself", async (fault) => {
    const { api, trial, up, preview } = await world({}, { requestTimeout: "0.2" });
    api.setFault({ on: "ingest", fault, delay: 2000 });
    const run = await up();
    const count = api.articles().length;
    expect(run.error).toContain("POST /learn/articles/course/ingest");
    expect(run.error).toContain('lectern:articles to {"course/bell":{"customId":"…"}}');
    expect(trial.saved?.["state"]).toBe("uncertain");
    api.setFault();
    const plan = await preview();
    expect(plan.error).toContain("an earlier run sent");
    expect(plan.error).toContain("confirmAbsent");
    const again = await up();
    expect([again.calls, again.error]).toEqual([[], plan.error]);
    expect(api.articles()).toHaveLength(count);
  });

  test("is adopted by the id that a person found", async () => {
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
    expect((await up()).error).toContain("is not known");
    expect(api.articles()).toHaveLength(1);
    // The same answer does not count for another attempt.
    expect((await preview()).error).toContain("set it to another word");
    expect((await up()).calls).toEqual([]);
    api.remove(api.articles()[0]?.customId ?? "");
    trial.inputs = { confirmAbsent: "looked again" };
    expect((await up()).error).toBeUndefined();
    expect(api.articles()).toHaveLength(1);
    expect((await up()).calls).toEqual([]);
  });
});

describe("a creation that certainly failed", () => {
  test.each(["refuse", "echo"] as const)("(%s) may be tried by the next run", async (fault) => {
    const { api, trial, up, preview } = await world();
    api.setFault({ on: "ingest", fault });
    const refused = await up();
    expect(refused.error).toContain("POST /learn/articles/course/ingest: it answered 400 (INVALID_");
    expect(trial.saved?.["state"]).toBe("refused");
    expect((await preview()).lines.join("\n")).toContain("refused it before");
    expect((await up()).error).toContain("it answered 400");
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

describe("before anything is sent", () => {
  test("a wrong key is one clear error, and nothing is saved", async () => {
    const { trial, up } = await world({}, { apiKey: "another" });
    const run = await up();
    expect(run.error).toBe(
      "qBook GET /users/verify: it answered 401 (UNAUTHORIZED: this key is not known). Check the key: `pulumi config set --secret lectern:apiKey` takes one that qBook knows.",
    );
    expect(run.calls).toEqual(["GET /users/verify"]);
    expect(trial.stateText).toBe("[null,null]");
  });

  test("a missing key fails the preview, and says how to set it", async () => {
    const { trial, preview } = await world();
    delete trial.config["apiKey"];
    const { error, calls } = await preview();
    expect(error).toContain("lectern:apiKey: there is no key for qBook");
    expect(error).toContain("pulumi config set --secret lectern:apiKey");
    expect(calls).toEqual([]);
  });

  test.each(["http://qbook.example.org/api", "ftp://x", "https://name:word@qbook.example.org"])(
    "the address %s is refused",
    async (apiUrl) => {
      const { preview } = await world({}, { apiUrl });
      const { error } = await preview();
      expect(error).toContain("lectern:apiUrl");
    },
  );

  test("no network is a clear error, and the state stays as it was", async () => {
    const { api, trial, up } = await world();
    await api.stop();
    expect((await up()).error).toMatch(/no answer from 127\.0\.0\.1:\d+ \(ECONNREFUSED\)/);
    expect(trial.stateText).toBe("[null,null]");
  });

  test("bad content fails the preview with every problem, where it is, and no call", async () => {
    const { trial, preview, up } = await world();
    const file = join(trial.folder, "course.json");
    const bad = readFileSync(file, "utf8").replace('"public"', '""').replace("qbraid.com", "example.com");
    writeFileSync(file, bad);
    const { error, calls } = await preview();
    expect(error).toMatch(/courses\/bell\/course\.json:\d+:\d+ visibility/);
    expect(error).toMatch(/courses\/bell\/course\.json:\d+:\d+ deployedTo/);
    expect(calls).toEqual([]);
    // And nothing is announced by a run that fails so: once mended, it is a first attempt.
    expect((await up()).calls).toEqual([]);
    trial.write();
    expect((await up()).error).toBeUndefined();
  });

  test("a kernel that nothing declares fails the preview", async () => {
    const { trial, preview } = await world();
    const file = join(trial.folder, "course.json");
    writeFileSync(file, readFileSync(file, "utf8").replace('"kernelId": ""', '"kernelId": "Python 9"'));
    expect((await preview()).error).toContain("Python 9");
  });

  test("content that changed after the plan is not sent", async () => {
    const { api, trial, up } = await world();
    trial.inputs = { fingerprint: "sha256:of-something-else" };
    expect((await up()).error).toContain("not what the plan was made for");
    expect(api.articles()).toEqual([]);
  });
});

describe("what is deployed as a commit", () => {
  const commit = { source: "commit" };

  test("must be committed, in a repository with a remote that has the commit", async () => {
    const dirty = await world({}, commit);
    dirty.trial.write({ text: "not committed" });
    expect((await dirty.preview()).error).toMatch(/uncommitted changes in courses\/bell\/pairs\.ipynb/);
    const lonely = await world({}, commit);
    expect((await lonely.preview()).error).toContain("the repository has no remote");
    const local = await world({}, commit);
    local.trial.git("remote", "add", "origin", "https://git.example.org/a/b.git");
    expect((await local.preview()).error).toMatch(/commit [0-9a-f]{12} is in no branch/);
  });

  test("is read from that commit, and needs no pushing while nothing changes", async () => {
    const { api, trial, up } = await world({}, commit);
    const bare = mkdtempSync(join(tmpdir(), "lectern-remote-"));
    endings.push(() => rmSync(bare, { recursive: true, force: true }));
    trial.git("init", "--quiet", "--bare", bare);
    trial.git("remote", "add", "origin", bare);
    trial.git("push", "--quiet", "origin", "main");
    expect((await up()).error).toBeUndefined();
    const [article] = api.articles();
    expect([article?.status, article?.commitSha]).toEqual(["processed", trial.saved?.["applied"]["commit"]]);
    expect((await up()).calls).toEqual([]);
  });

  test("in the sandbox is the folder, and uncommitted changes are only said", async () => {
    const { trial, up } = await world();
    trial.write({ text: "not committed" });
    const run = await up();
    expect(run.error).toBeUndefined();
    expect(run.lines.join("\n")).toContain("warning: ");
    expect(run.lines.join("\n")).toContain("uncommitted changes in courses/bell/pairs.ipynb");
    expect(run.lines.filter((line) => line.includes("uncommitted"))).toHaveLength(1);
  });
});

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

  test.each(["null-url", "stuck"] as const)(
    "(%s) is not success, and the next run waits on",
    async (fault) => {
      const { api, trial, up, preview } = await world({}, { processingLimit: "0.05" });
      api.setFault({ on: "status", fault });
      expect((await up()).error).toContain("within 0.05 s");
      expect(trial.saved?.["state"]).toBe("processing");
      api.setFault();
      expect((await preview()).lines.join("\n")).toContain("still processing");
      const next = await up();
      expect([next.error, writes(next)]).toEqual([undefined, []]);
      expect(trial.saved?.["state"]).toBe("processed");
      expect(revisions(api)).toEqual([1]);
    },
  );

  test("that is interrupted is resumed, with nothing sent twice, also after an update", async () => {
    const { api, trial, up } = await world();
    await up();
    trial.write({ text: "Changed" });
    api.setFault({ on: "status", fault: "stuck" });
    const stop = new AbortController();
    const running = up({ signal: stop.signal });
    await expect
      .poll(() => api.calls().filter(({ operation }) => operation === "status").length)
      .toBeGreaterThan(2);
    stop.abort(new Error("interrupted"));
    expect((await running).error).toContain("interrupted");
    expect(trial.saved?.["state"]).toBe("processing");
    api.setFault();
    const next = await up();
    expect([next.error, writes(next)]).toEqual([undefined, []]);
    expect(revisions(api)).toEqual([2]);
  });

  test("of older content is followed by the newer: changed while it was processing", async () => {
    const { api, trial, up } = await world({}, { processingLimit: "0.02" });
    api.setFault({ on: "status", fault: "stuck" });
    await up();
    api.setFault();
    trial.write({ text: "Newer" });
    expect((await up()).error).toBeUndefined();
    expect(revisions(api)).toEqual([2]);
  });

  test("that can't be asked for is resumed too", async () => {
    const { api, trial, up } = await world();
    api.setFault({ on: "status", fault: "malformed" });
    expect((await up()).error).toContain("not with what was expected");
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
    endings.push(() => trial.dispose());
    trial.inputs = { customId };
    const run = await trial.up();
    expect(run.error).toBeUndefined();
    expect(writes(run)).toEqual([`PUT /learn/articles/course/${customId}`]);
    expect((await trial.up()).calls).toEqual([]);
    expect(first.api.articles()).toHaveLength(1);
  });

  test("of what is not there is a clear failure, and saves nothing", async () => {
    const { trial, up } = await world();
    trial.inputs = { customId: "nothing" };
    const { error } = await up();
    expect(error).toContain('lectern:articles["course/bell"].customId: qBook has no article nothing');
    expect(trial.saved).toBeUndefined();
  });

  test("of another id leaves the first alone", async () => {
    const { api, trial, up } = await world();
    await up();
    const other = await world();
    await other.up();
    const second = new Trial(api.url);
    endings.push(() => second.dispose());
    await second.up();
    trial.inputs = { customId: second.saved?.["customId"] };
    const run = await up();
    expect(writes(run)).toEqual([`PUT /learn/articles/course/${second.saved?.["customId"]}`]);
    expect(trial.saved?.["customId"]).toBe(second.saved?.["customId"]);
    expect((await up()).calls).toEqual([]);
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

  test("finds what is gone: the next preview says so, and only a person's answer creates it anew", async () => {
    const { api, trial, up, preview, refresh } = await world();
    await up();
    const old = String(trial.saved?.["customId"]);
    api.remove(old);
    await refresh();
    expect(trial.saved?.["state"]).toBe("gone");
    expect((await preview()).error).toContain(`was on qBook as ${old}, and is not there any more`);
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

test("a destroyed article is forgotten with a word on what stays, and no call", async () => {
  const { trial, up, destroy } = await world();
  await up();
  const { customId, url } = trial.saved ?? {};
  const run = await destroy();
  expect(run.calls).toEqual([]);
  expect(run.lines).toEqual([
    `course/bell: warning: "Bell states" (${customId}, ${url}) stays on qBook: its API can't delete. Remove it there if it should go.`,
  ]);
});

test("an article that is held stays as it is, whatever the folder holds by now", async () => {
  const { api, trial, up } = await world();
  await up();
  const { fingerprint, parts, title } = trial.saved ?? {};
  trial.write({ title: "", text: "later" });
  trial.inputs = { fingerprint, parts, title };
  expect(await up()).toMatchObject({ calls: [], lines: [] });
  expect(revisions(api)).toEqual([1]);
});
