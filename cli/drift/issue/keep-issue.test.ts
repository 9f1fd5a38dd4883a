import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BOT } from "../../comment/github/testing/github-stand-in.ts";
import { issuesOf } from "./issues-api.ts";
import { keepIssue, type WantedIssue } from "./keep-issue.ts";
import { FakeGithub } from "./testing/fake-github.ts";

const MARKER = "<!-- lectern-drift -->";
const TARGET = { repository: "my-university/teaching", marker: MARKER };
let github: FakeGithub;
let waited: number[];
beforeEach(async () => {
  github = new FakeGithub();
  waited = [];
  await github.start();
});
afterEach(() => github.stop());

const clock = { now: Date.now, sleep: async (milliseconds: number) => void waited.push(milliseconds) };
const keep = (wanted: WantedIssue) =>
  keepIssue(issuesOf({ fetch, clock }, github.environment), TARGET, wanted);

const body = (content: string) => `${MARKER}\n${content}\n`;
const open = (content: string): WantedIssue => ({ want: "open", title: "Drift", body: body(content) });
const update = (content: string): WantedIssue => ({ ...open(content), want: "update" }) as WantedIssue;
const close: WantedIssue = { want: "close", comment: "It is gone" };

describe("the issue", () => {
  it("is opened once, updated where something else is found, and closed with a word when it is gone", async () => {
    github.add("a-person", "A question");
    expect(await keep(open("one"))).toMatchObject({ action: "opened", number: 2 });
    expect(await keep(open("one"))).toMatchObject({ action: "unchanged", number: 2 });
    expect(await keep(open("two"))).toMatchObject({ action: "updated", number: 2 });
    expect(github.open()).toEqual(["A question", body("two")]);
    expect(await keep(close)).toMatchObject({ action: "closed", number: 2 });
    expect(github.issues[1]).toMatchObject({ state: "closed", body: body("two"), comments: ["It is gone"] });
  });

  it("is a new one where the one before is closed", async () => {
    github.add(BOT, body("old"), { state: "closed" });
    expect(await keep(open("new"))).toMatchObject({ action: "opened", number: 2 });
    expect(github.issues[0]).toMatchObject({ state: "closed", body: body("old") });
  });

  it("is not somebody else's with the same marker, nor a pull request, nor one with the marker further down", async () => {
    const others = [
      github.add("a-person", body("fake")),
      github.add(BOT, body("a pull request"), { pull_request: {} }),
      github.add(BOT, `> ${body("quoted")}`),
    ];
    const before = structuredClone(others);
    expect(await keep(close)).toBeUndefined();
    expect(await keep(open("real"))).toMatchObject({ action: "opened", number: 4 });
    await keep(open("more"));
    await keep(close);
    expect(github.issues.slice(0, 3)).toEqual(before);
  });

  it("is not opened only to tell that a stack could not be looked at, and is not closed then", async () => {
    expect(await keep(update("failed"))).toBeUndefined();
    expect(github.writes()).toEqual([]);
    github.add(BOT, body("drift"));
    expect(await keep(update("failed"))).toMatchObject({ action: "updated" });
    expect(github.open()).toEqual([body("failed")]);
  });

  it("is found on a later page, and the oldest is kept where there are several", async () => {
    for (let count = 0; count < 150; count += 1) github.add("a-person", "A question");
    github.add(BOT, body("first"));
    github.add(BOT, body("second"));
    expect(await keep(open("new"))).toMatchObject({ action: "updated", number: 151 });
    expect(github.open().filter((text) => text.startsWith(MARKER))).toEqual([body("new")]);
  });

  it("is not touched where none is there and none is wanted", async () => {
    expect(await keep(close)).toBeUndefined();
    expect(github.writes()).toEqual([]);
  });

  it.each([
    [
      403,
      "Resource not accessible by integration",
      /refuses the issue \(403: .*\)\. Give the job `permissions: \{issues: write\}`/,
    ],
    [410, "Issues has been disabled", /Turn issues on in the repository's settings/],
    [404, "Not Found", /Check --repository/],
  ])("tells plainly what a %d means, and tries nothing again", async (status, message, expected) => {
    github.troubles.push({ status, message });
    await expect(keep(open("one"))).rejects.toThrow(expected);
    expect(github.writes()).toHaveLength(1);
  });

  it("waits as long as a rate limit asks for", async () => {
    const message = "You have exceeded a secondary rate limit";
    github.troubles.push({ status: 403, headers: { "retry-after": "7" }, message }, { status: 403, message });
    github.troubles.push({ status: 429, headers: { "retry-after": "9" } });
    expect(await keep(open("one"))).toMatchObject({ action: "opened" });
    expect(waited.slice(0, 2)).toEqual([7_000, 60_000]);
    expect(waited[2]).toBeGreaterThanOrEqual(9_000);
  });

  it.each([true, undefined] as const)(
    "is opened once where the answer is lost, and it was opened before: %s",
    async (done) => {
      github.troubles.push({ status: 502, ...(done ? { done } : {}) });
      await keep(open("one"));
      expect(github.open()).toEqual([body("one")]);
    },
  );

  it("is closed although GitHub fails for a while, and although nobody takes the comment", async () => {
    github.add(BOT, body("old"));
    github.troubles.push({ status: 503 });
    expect(await keep(close)).toMatchObject({ action: "closed" });
    github.add(BOT, body("again"));
    github.troubles.push({ status: 500 }, { status: 502 }, { status: 502 });
    expect(await keep(close)).toMatchObject({ action: "closed" });
    expect(github.open()).toEqual([]);
  });

  it("gives up where GitHub goes on failing", async () => {
    github.troubles.push({ status: 502 }, { status: 502 }, { status: 502 });
    await expect(keep(open("one"))).rejects.toThrow(/GitHub does not answer: .*status 502/);
  });
});
