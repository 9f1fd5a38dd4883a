import { describe, expect, it } from "vitest";
import { runningServers } from "./running-servers.ts";

const API = { url: "https://hub.example.org/", token: "canary" };

function answering(pages: readonly unknown[], status = 200) {
  const asked: { url: string; authorization: string | null }[] = [];
  const fetch = async (input: string | URL | Request, init?: RequestInit) => {
    asked.push({ url: String(input), authorization: new Headers(init?.headers).get("authorization") });
    return new Response(JSON.stringify(pages[asked.length - 1]), { status });
  };
  return { asked, fetch: fetch as typeof globalThis.fetch };
}

describe("the count of running servers", () => {
  it("adds up the servers of active users over all pages, named servers too", async () => {
    const one = { name: "a", servers: { "": { ready: true } } };
    const two = {
      name: "b",
      servers: { "": { ready: true }, gpu: { ready: false }, old: { stopped: true } },
    };
    const { asked, fetch } = answering([[...Array(199).fill(one), two], [one]]);
    expect(await runningServers(API, fetch)).toBe(202);
    expect(asked.map(({ url }) => url)).toEqual([
      "https://hub.example.org/hub/api/users?state=active&offset=0&limit=200",
      "https://hub.example.org/hub/api/users?state=active&offset=200&limit=200",
    ]);
    expect(asked[0]?.authorization).toBe("token canary");
  });

  it("counts users where the token may not see their servers", async () => {
    expect(await runningServers(API, answering([[{ name: "a" }, { name: "b" }]]).fetch)).toBe(2);
  });

  it("is unknown where the hub refuses, answers otherwise or not at all", async () => {
    expect(await runningServers(API, answering([{}], 403).fetch)).toBeUndefined();
    expect(await runningServers(API, answering([{ message: "x" }]).fetch)).toBeUndefined();
    const silent = (() => Promise.reject(new Error("refused"))) as typeof globalThis.fetch;
    expect(await runningServers(API, silent)).toBeUndefined();
  });
});
