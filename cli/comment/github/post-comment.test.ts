import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { githubOf } from "./github-api.ts";
import { postComment } from "./post-comment.ts";
import { BOT } from "./testing/github-stand-in.ts";
import { GithubWithComments } from "./testing/github-with-comments.ts";

const MARKER = "<!-- deployment-plan -->";
const TARGET = { repository: "my-university/teaching", number: 12, marker: MARKER };

let github: GithubWithComments;
let waited: number[];
beforeEach(async () => {
  github = new GithubWithComments();
  waited = [];
  await github.start();
});
afterEach(() => github.stop());

const clock = { now: Date.now, sleep: async (milliseconds: number) => void waited.push(milliseconds) };
const post = (text: string, more: { author?: string } = {}) =>
  postComment(githubOf({ fetch, clock }, github.environment), { ...TARGET, ...more }, text);
const add = (login: string, text: string) => github.comment(TARGET.number, login, text);

const body = (text: string) => `${MARKER}\n${text}\n`;

describe("the comment on GitHub", () => {
  it("is created once, then edited", async () => {
    add("a-person", "Looks good");
    expect(await post(body("one"))).toMatchObject({ action: "created" });
    expect(await post(body("two"))).toMatchObject({ action: "edited" });
    expect(github.comments.map((one) => one.body)).toEqual(["Looks good", body("two")]);
  });

  it("is left as it is where nothing differs", async () => {
    await post(body("one"));
    expect(await post(body("one"))).toMatchObject({ action: "unchanged" });
    expect(github.calls.filter((call) => call.startsWith("PATCH"))).toEqual([]);
  });

  it("is not somebody else's with the same marker, nor one of ours with the marker further down", async () => {
    const theirs = add("a-person", body("fake"));
    const quoting = add(BOT, `> ${body("quoted")}`);
    expect(await post(body("real"))).toMatchObject({ action: "created" });
    expect([theirs.body, quoting.body]).toEqual([body("fake"), `> ${body("quoted")}`]);
    expect(await post(body("again"))).toMatchObject({ action: "edited" });
    expect(theirs.body).toBe(body("fake"));
  });

  it("is found on a later page", async () => {
    for (let count = 0; count < 230; count += 1) add("a-person", "talk");
    add(BOT, body("old"));
    for (let count = 0; count < 20; count += 1) add("a-person", "talk");
    expect(await post(body("new"))).toMatchObject({ action: "edited" });
    expect(github.comments[230]?.body).toBe(body("new"));
  });

  it.each([
    ["an app whose login has no suffix in one API", "my-app", "my-app[bot]"],
    ["a user", "a-robot", "a-robot"],
  ])("is known by the token's user: %s", async (_, viewer, login) => {
    github.viewer = viewer;
    add(login, body("old"));
    expect(await post(body("new"))).toMatchObject({ action: "edited" });
  });

  it("is of the workflow's own user where GitHub does not tell, or of the one who is named", async () => {
    github.viewer = undefined;
    add(BOT, body("old"));
    expect(await post(body("new"))).toMatchObject({ action: "edited" });
    add("a-robot", body("theirs"));
    await post(body("newer"), { author: "a-robot" });
    expect(github.comments.map((one) => one.body)).toEqual([body("new"), body("newer")]);
  });

  it("tells plainly what a 403 means, and tries nothing again", async () => {
    github.troubles.push({ status: 403, message: "Resource not accessible by integration" });
    await expect(post(body("one"))).rejects.toThrow(
      /GitHub refuses the comment \(403: Resource not accessible by integration\)\. Give the job `permissions: \{pull-requests: write\}`/,
    );
    expect(github.calls.filter((call) => call.startsWith("POST"))).toHaveLength(1);
  });

  it("waits as long as a secondary rate limit asks for", async () => {
    const message = "You have exceeded a secondary rate limit";
    github.troubles.push({ status: 403, headers: { "retry-after": "7" }, message }, { status: 403, message });
    expect(await post(body("one"))).toMatchObject({ action: "created" });
    expect(waited).toEqual([7_000, 60_000]);
  });

  it("is edited although GitHub fails for a while", async () => {
    add(BOT, body("old"));
    github.troubles.push({ status: 502 }, { status: 429, headers: { "retry-after": "1" } });
    expect(await post(body("new"))).toMatchObject({ action: "edited" });
    expect(github.comments).toHaveLength(1);
  });

  it.each([true, undefined] as const)(
    "is created once where the answer is lost, and it was created before: %s",
    async (done) => {
      github.troubles.push({ status: 502, ...(done ? { done } : {}) });
      await post(body("one"));
      expect(github.comments.map((one) => one.body)).toEqual([body("one")]);
    },
  );

  it("gives up where GitHub goes on failing", async () => {
    github.troubles.push({ status: 502 }, { status: 502 }, { status: 502 });
    await expect(post(body("one"))).rejects.toThrow(/GitHub does not answer: .*status 502/);
  });
});

it("wants a token", () => {
  expect(() => githubOf({ fetch, clock: { now: Date.now, sleep: async () => {} } }, {})).toThrow(
    /Set GITHUB_TOKEN/,
  );
});
