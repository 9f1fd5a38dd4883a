import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type QbookOptions, startQbook } from "../../sandbox/services/qbook/qbook.ts";
import { fingerprintArticle } from "./source/fingerprint.ts";
import { writeCourse } from "./testing/trial-course.ts";
import { Trial, TrialProcess } from "./testing/trial-run.ts";
import { atEnd, ownFolder, trialWith } from "./testing/trial-world.ts";
import { checkArticle } from "./validation.ts";

const world = (options: Partial<QbookOptions> = {}, config: Record<string, string> = {}) =>
  trialWith((base) => startQbook({ ...base, ...options }), config);

describe("before anything is sent", () => {
  test("a wrong key is one clear error, and nothing is saved", async () => {
    const { trial, up } = await world({}, { apiKey: "another" });
    const run = await up();
    expect(run.error).toBe(
      "qBook GET /users/verify: status 401 (UNAUTHORIZED: this key is not known). Use a valid key: set LECTERN_API_KEY if it came from the environment, otherwise run `pulumi config set --secret lectern:apiKey`.",
    );
    expect(run.calls).toEqual(["GET /users/verify"]);
    expect(trial.stateText).toBe("[null,null]");
  });

  test.each([{}, { apiKey: "another" }])(
    "the key is asked about once a run, good or wrong",
    async (config) => {
      const { api, trial } = await world({}, config);
      const second = new Trial(api.url, { ...trial.config });
      atEnd(() => second.dispose());
      const process = new TrialProcess(trial.config);
      const [one, two] = [await trial.up({ process }), await second.up({ process })];
      expect(one.error).toBe(two.error);
      expect(api.calls().filter(({ operation }) => operation === "verify")).toHaveLength(1);
    },
  );

  test("a wrong key is one error of a refresh too, and the state stays", async () => {
    const { api, trial, up, refresh } = await world();
    await up();
    const before = trial.stateText;
    trial.config["apiKey"] = "another";
    const run = await refresh();
    expect(run.error).toContain("qBook GET /users/verify: status 401");
    expect(run.calls).toEqual(["GET /users/verify"]);
    expect(trial.stateText).toBe(before);
    expect(api.articles()).toHaveLength(1);
  });

  test("a missing key fails the preview, and reports how to set it", async () => {
    const { trial, preview } = await world();
    delete trial.config["apiKey"];
    const { error, calls } = await preview();
    expect(error).toContain("lectern:apiKey: the API key for qBook is missing");
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
    // And nothing is announced by a run that fails so: once fixed, it is a first attempt.
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
    expect((await up()).error).toContain("content changed after the plan was made");
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
    expect((await local.preview()).error).toMatch(/commit [0-9a-f]{12} is not on any branch/);
  });

  test("is read from that commit, and needs no pushing while nothing changes", async () => {
    const { api, trial, up } = await world({}, commit);
    const bare = ownFolder();
    trial.git("init", "--quiet", "--bare", bare);
    trial.git("remote", "add", "origin", bare);
    trial.git("push", "--quiet", "origin", "main");
    expect((await up()).error).toBeUndefined();
    const [article] = api.articles();
    expect(article?.status).toBe("processed");
    expect(trial.saved).toMatchObject({ applied: { commit: article?.commitSha } });
    expect((await up()).calls).toEqual([]);
  });

  test("in the sandbox is the folder, and uncommitted changes are only reported", async () => {
    const { trial, up } = await world();
    trial.write({ text: "not committed" });
    const run = await up();
    expect(run.error).toBeUndefined();
    expect(run.lines.join("\n")).toContain("warning: ");
    expect(run.lines.join("\n")).toContain("uncommitted changes in courses/bell/pairs.ipynb");
    const [line, ...others] = run.lines.filter((text) => text.includes("uncommitted"));
    expect(line).toContain("course/bell: warning: uncommitted changes in");
    expect(others).toEqual([]);
  });

  test("is missing on the remote once, with one line for each other article", async () => {
    const { trial } = await world({}, commit);
    const other = join(trial.root, "courses", "dice");
    mkdirSync(other);
    writeCourse(other);
    trial.git("add", "-A");
    trial.git("commit", "--quiet", "--message=Add");
    trial.git("remote", "add", "origin", "https://git.example.org/a/b.git");
    const { context } = new TrialProcess(trial.config);
    const checked = async (slug: string) => {
      const folder = join(trial.root, "courses", slug);
      const { article } = await fingerprintArticle(folder, "course");
      const target = { kind: "course", slug, folder, fingerprint: article?.fingerprint } as const;
      const { failures } = await checkArticle(target, undefined, context);
      return failures.map(({ reason }) =>
        reason.replaceAll(trial.root, "").replaceAll(/\b[0-9a-f]{12}\b/g, "C"),
      );
    };
    const whole =
      "commit C is not on any branch of the remote. Push it, or, if it is pushed already, run git fetch: qBook clones exactly this commit.";
    expect(await checked("bell")).toEqual([whole]);
    expect(await checked("dice")).toEqual([
      "commit C is not on any branch of the remote. Do what is reported for course/bell.",
    ]);
    expect(await checked("bell")).toEqual([whole]);
  });

  test("in the sandbox may be a folder outside git, and one note says so for all articles", async () => {
    const { api, trial, preview } = await world();
    rmSync(join(trial.folder, "../../.git"), { recursive: true });
    const second = new Trial(api.url);
    atEnd(() => second.dispose());
    rmSync(join(second.root, ".git"), { recursive: true });
    const note =
      "The folder is not in a git repository: the sandbox deploys it as it is, staging and production deploy a commit";
    expect((await preview()).lines).toEqual([note]);
    const process = new TrialProcess(trial.config);
    const runs = [await trial.up({ process }), await second.up({ process })];
    expect(runs.map(({ error }) => error)).toEqual([undefined, undefined]);
    expect(runs.flatMap(({ lines }) => lines).filter((line) => line.includes("git"))).toEqual([note]);
  });
});
