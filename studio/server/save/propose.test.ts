import { renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { GithubWithPulls } from "./testing/github-with-pulls.ts";
import { FILES, memory, PROFILES, TrialRepository } from "./testing/trial-repository.ts";

const PATH = `catalog/${PROFILES}`;
const BEFORE = String(FILES[PATH]);
const BRANCH = "studio/ada/campus-profiles-0a1b2c3d";

async function github() {
  const github = new GithubWithPulls();
  await github.start();
  onTestFinished(() => github.stop());
  const clock = { now: Date.now, sleep: async () => {} };
  return { github, forge: { environment: github.environment, network: { fetch, clock } } };
}

describe("a proposal", () => {
  it("is a commit of the person on a branch of its own, and changes nothing that they work with", async () => {
    const trial = await TrialRepository.start();
    const draft = await trial.draft(memory(0, "8G"));
    trial.write("notes.md", "mine");
    trial.write("catalog/clusters/campus/common.yaml", "a: 1\n");
    trial.git("add", "notes.md");
    writeFileSync(join(trial.studio.root, ".git/hooks/reference-transaction"), "#!/bin/sh\nexit 1\n", {
      mode: 0o755,
    });
    const state = () =>
      [
        ["status", "--porcelain"],
        ["rev-parse", "HEAD"],
        ["config", "--local", "--list"],
        ["diff", "--cached"],
      ].map((args) => trial.git(...args));
    const before = state();
    const { commit, ...proposed } = await trial.propose(draft);
    expect(proposed).toEqual({ target: "main", branch: BRANCH, isPushed: true, problems: [] });
    expect(state()).toEqual(before);
    expect(trial.inOrigin("rev-parse", BRANCH)).toBe(commit);
    expect(trial.inOrigin("log", "-1", "--format=%an <%ae> %cn <%ce> %s", BRANCH)).toBe(
      "Ada <ada@example.org> Ada <ada@example.org> Change profiles of campus",
    );
    expect(trial.inOrigin("diff", "--name-only", "main", BRANCH)).toBe(PATH);
    expect(`${trial.inOrigin("show", `${BRANCH}:${PATH}`)}\n`).toBe(BEFORE.replace("4G", "8G"));
    expect(trial.read(PATH)).toBe(BEFORE);
    expect(trial.studio.logged.at(-1)).toMatch(
      /^audit .* "Ada <ada@example.org>" POST \/api\/save\/propose 200$/,
    );
  });

  it("that is made twice, also at once, is one branch and one pull request", async () => {
    const { github: hub, forge } = await github();
    const trial = await TrialRepository.start({ forge });
    const draft = await trial.draft(memory(0, "8G"));
    const [one, other] = await Promise.all([trial.propose(draft), trial.propose(draft)]);
    expect(other).toEqual(one);
    expect(one?.pullRequest).toEqual({
      number: 1,
      url: "https://github.example/my-university/teaching/pull/1",
    });
    expect(hub.pulls).toMatchObject([{ head: BRANCH, base: "main", title: "Change profiles of campus" }]);
    const changed = await trial.propose(await trial.draft(memory(0, "12G")));
    expect(changed.pullRequest?.number).toBe(1);
    expect(trial.inOrigin("rev-list", "--count", `main..${BRANCH}`)).toBe("1");
    expect(trial.inOrigin("show", `${BRANCH}:${PATH}`)).toContain("mem_limit: 12G # enough");
    expect(hub.pulls).toHaveLength(1);
  });

  it("is put on top of what others have merged since it was read", async () => {
    const trial = await TrialRepository.start();
    const draft = await trial.draft(memory(0, "8G"));
    await trial.propose(draft);
    const theirs = trial.mergedByOthers(PATH, BEFORE.replace("mem_limit: 8G", "mem_limit: 12G # theirs"));
    const { problems, commit } = await trial.propose(draft);
    expect(problems).toEqual([]);
    expect(trial.inOrigin("rev-parse", `${BRANCH}^`)).toBe(theirs);
    expect(trial.inOrigin("rev-parse", BRANCH)).toBe(commit);
    const text = trial.inOrigin("show", `${BRANCH}:${PATH}`);
    expect(text).toContain("mem_limit: 8G # enough");
    expect(text).toContain("mem_limit: 12G # theirs");
  });

  it("is made of what is on disk though nobody has committed that", async () => {
    const trial = await TrialRepository.start();
    trial.write(PATH, BEFORE.replace("8G", "10G"));
    const draft = await trial.draft(memory(0, "8G"));
    trial.write(PATH, BEFORE);
    await trial.propose(draft);
    expect(`${trial.inOrigin("show", `${BRANCH}:${PATH}`)}\n`).toBe(BEFORE.replace("4G", "8G"));
  });

  it("in conflict is shown side by side, and goes on with a choice", async () => {
    const trial = await TrialRepository.start();
    const draft = await trial.draft(memory(0, "8G"));
    trial.mergedByOthers(PATH, BEFORE.replace("4G", "2G"));
    const { conflicts } = await trial.preview(draft);
    expect(conflicts).toMatchObject([
      {
        file: PROFILES,
        path: ["Standard", "kubespawner_override", "mem_limit"],
        base: "4G",
        mine: "8G",
        theirs: "2G",
      },
    ]);
    expect((await trial.propose(draft)).problems).toMatchObject([{ code: "conflict" }]);
    const choices = { [PROFILES]: { [String(conflicts[0]?.id)]: "mine" } };
    expect((await trial.propose({ ...draft, choices })).problems).toEqual([]);
    expect(trial.inOrigin("show", `${BRANCH}:${PATH}`)).toContain("mem_limit: 8G # enough");
  });

  it("of a file that is new, and of one without a remote", async () => {
    const trial = await TrialRepository.start({ hasOrigin: false });
    const path = "clusters/other/profiles.yaml";
    const { base } = await trial.file(path);
    const draft = { id: "11111111", edits: [{ path, base, value: [{ display_name: "A" }] }] };
    expect(await trial.propose(draft)).toMatchObject({ isPushed: false, problems: [], target: "main" });
    expect(trial.git("show", `studio/ada/other-profiles-11111111:catalog/${path}`)).toBe("- display_name: A");
  });
});

describe("a proposal of a file that the target does not have", () => {
  const path = "clusters/other/profiles.yaml";
  const text = "# Ours.\n- display_name: A # one\n- display_name: B\n";
  const draftOf = async (trial: TrialRepository) => {
    trial.write(`catalog/${path}`, text);
    const { base } = await trial.file(path);
    const value = ["A", "B", "C"].map((name) => ({ display_name: name }));
    return { id: "11111111", edits: [{ path, base, value }] };
  };

  it.each<[string, (trial: TrialRepository) => void]>([
    ["nobody has committed", () => {}],
    ["is in a commit of this machine alone", (trial) => void trial.commit("Ours")],
  ])("and that %s is a new file, with its comments", async (_, prepare) => {
    const trial = await TrialRepository.start();
    const draft = await draftOf(trial);
    prepare(trial);
    expect(await trial.preview(draft)).toMatchObject({ conflicts: [], files: [{ path, isNew: true }] });
    const { commit, problems } = await trial.propose(draft);
    expect(problems).toEqual([]);
    expect(`${trial.inOrigin("show", `${commit}:catalog/${path}`)}\n`).toBe(`${text}- display_name: C\n`);
  });

  it("and that others have removed is in conflict with them", async () => {
    const trial = await TrialRepository.start({ hasOrigin: false });
    const draft = await draftOf(trial);
    trial.commit("Ours");
    trial.git("rm", "--quiet", `catalog/${path}`);
    trial.commit("Remove it");
    expect((await trial.preview(draft)).conflicts).toMatchObject([{ file: path, path: [] }]);
  });
});

describe("a proposal to a server that was started again", () => {
  const GONE = "0".repeat(40);
  /** What a page has that was loaded before: the version of the file is in no commit, and the server does not know it. */
  const kept = async (trial: TrialRepository, change: Parameters<TrialRepository["draft"]>[0]) => {
    const { value: baseValue } = await trial.file();
    const { edits, ...draft } = await trial.draft(change);
    return { ...draft, edits: edits.map((edit) => ({ ...edit, base: GONE, baseValue })) };
  };

  it("has what the page changed, and nothing that nobody has committed", async () => {
    const trial = await TrialRepository.start();
    trial.write(PATH, BEFORE.replace("mem_limit: 8G", "mem_limit: 6G"));
    const draft = await kept(trial, memory(0, "16G"));
    // The file goes on changing, and so does the branch.
    trial.write(PATH, `${BEFORE}# mine\n`);
    trial.mergedByOthers(PATH, BEFORE.replace("For lectures", "For lectures and labs"));
    const { commit, problems } = await trial.propose(draft);
    expect(problems).toEqual([]);
    expect(trial.git("show", `${commit}:${PATH}`)).toBe(
      BEFORE.replace("For lectures", "For lectures and labs").replace("4G", "16G").trimEnd(),
    );
    expect(trial.read(PATH)).toBe(`${BEFORE}# mine\n`);
  });

  it("shows what overlaps", async () => {
    const trial = await TrialRepository.start();
    const draft = await kept(trial, memory(0, "16G"));
    trial.mergedByOthers(PATH, BEFORE.replace("4G", "2G"));
    expect((await trial.preview(draft)).conflicts).toMatchObject([{ base: "4G", mine: "16G", theirs: "2G" }]);
  });
});

describe("a proposal that fails", () => {
  it.each<[string, (trial: TrialRepository) => void, string, RegExp]>([
    [
      "where a hook refuses the push",
      (trial) => trial.refusePushes("Branches below studio/ are protected"),
      "push-refused",
      /refuses the branch .*protected/,
    ],
    [
      "where origin is gone",
      (trial) => renameSync(trial.origin, `${trial.origin}-gone`),
      "remote-gone",
      /can't be reached/,
    ],
    [
      "where origin has others' commits on the branch",
      (trial) => trial.inOrigin("branch", BRANCH, "main"),
      "branch-exists",
      /other commits/,
    ],
  ])("%s keeps its commit on the local branch", async (_, prepare, code, message) => {
    const trial = await TrialRepository.start();
    const draft = await trial.draft(memory(0, "8G"));
    prepare(trial);
    const { isPushed, commit, problems } = await trial.propose(draft);
    expect([isPushed, problems[0]?.code]).toEqual([false, code]);
    expect(problems[0]?.message).toMatch(message);
    expect(problems[0]?.remedy).toContain(`The commit is on the local branch ${BRANCH}`);
    expect(trial.git("rev-parse", BRANCH)).toBe(commit);
  });

  it("because GitHub refuses the pull request has pushed its branch", async () => {
    const { github: hub, forge } = await github();
    const trial = await TrialRepository.start({ forge });
    hub.troubles.push({ status: 403, message: "Resource not accessible" });
    const proposed = await trial.propose(await trial.draft(memory(0, "8G")));
    expect(proposed).toMatchObject({ isPushed: true, problems: [{ code: "github-refused" }] });
    expect(JSON.stringify(proposed)).not.toContain(hub.environment["GITHUB_TOKEN"]);
  });

  it.each<[string, (trial: TrialRepository) => void, string]>([
    ["the branch has something else", (trial) => trial.git("branch", BRANCH), "branch-exists"],
    [
      "the branch is checked out",
      (trial) => {
        trial.git("checkout", "--quiet", "-b", BRANCH);
        trial.git("commit", "--quiet", "--allow-empty", "--message", "x\n\nStudio-Draft: 0a1b2c3d");
      },
      "branch-checked-out",
    ],
    [
      "nothing has a branch",
      (trial) => {
        trial.git("remote", "remove", "origin");
        trial.git("checkout", "--quiet", "--detach");
      },
      "detached-head",
    ],
    [
      "there is no repository",
      (trial) => rmSync(join(trial.studio.root, ".git"), { recursive: true }),
      "no-repository",
    ],
  ])("because %s says what to do", async (_, prepare, code) => {
    const trial = await TrialRepository.start();
    const draft = await trial.draft(memory(0, "8G"));
    prepare(trial);
    const { problems } = await trial.propose(draft);
    expect(problems).toMatchObject([{ code, remedy: expect.stringMatching(/`git |Switch/) }]);
  });

  it("because nobody is named, or it changes nothing, or its base is unknown", async () => {
    const trial = await TrialRepository.start({ person: { name: " ", email: undefined } });
    expect((await trial.propose(await trial.draft(memory(0, "8G")))).problems).toMatchObject([
      { code: "no-author" },
    ]);
    const unchanged = await trial.draft((profiles) => profiles);
    expect((await trial.propose(unchanged)).problems).toMatchObject([{ code: "nothing-to-propose" }]);
    const { edits, ...draft } = unchanged;
    const stale = { ...draft, edits: edits.map((edit) => ({ ...edit, base: "0".repeat(40) })) };
    expect((await trial.propose(stale)).problems).toMatchObject([{ code: "unknown-base" }]);
  });

  it("because the page gives the ID of another file", async () => {
    const trial = await TrialRepository.start();
    trial.write("catalog/clusters/campus/secret.yaml", "password: canary\n");
    trial.commit("Add");
    const base = trial.git("rev-parse", "HEAD:catalog/clusters/campus/secret.yaml");
    const { body } = await trial.studio.asAda("/api/save/preview", {
      method: "POST",
      payload: { id: "0a1b2c3d", edits: [{ path: PROFILES, base, value: [] }] },
    });
    expect(body).toContain("unknown-base");
    expect(body).not.toContain("canary");
  });

  it("because it changes a file that the studio does not", async () => {
    const trial = await TrialRepository.start();
    const edits = [{ path: "clusters/campus/cluster.yaml", base: null, value: {} }];
    expect((await trial.propose({ id: "0a1b2c3d", edits })).problems).toMatchObject([
      { code: "not-editable" },
    ]);
  });
});
