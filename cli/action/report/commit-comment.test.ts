import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, it } from "vitest";
import { commentOnCommit } from "./commit-comment.ts";
import { Log } from "./log.ts";
import type { Result } from "./result.ts";

const RESULT: Result = { what: "course", outputs: {}, rows: [["Course", "@everyone"]] };

let server: Server;
let status: number;
let seen: { path: string | undefined; authorization: string | undefined; body: string }[];
let said: string;
beforeEach(async () => {
  seen = [];
  said = "";
  server = createServer(async (request, response) => {
    const { authorization } = request.headers;
    seen.push({ path: request.url, authorization, body: await text(request) });
    response.writeHead(status, { "content-type": "application/json" }).end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(() => server.close());

function comment(environment: NodeJS.ProcessEnv = {}): Promise<void> {
  // A server that listens on a port has an address with one.
  const { port } = server.address() as AddressInfo;
  const own = {
    GITHUB_TOKEN: "t",
    GITHUB_REPOSITORY: "physics/fair-dice",
    GITHUB_API_URL: `http://127.0.0.1:${port}`,
  };
  const log = new Log(["t0ken"], (part) => (said += part));
  return commentOnCommit(RESULT, "c0ffee", { ...own, ...environment }, log);
}

it("comments on the commit, and mentions nobody", async () => {
  status = 201;
  await comment();
  expect(seen).toHaveLength(1);
  expect(seen[0]).toMatchObject({
    path: "/repos/physics/fair-dice/commits/c0ffee/comments",
    authorization: "Bearer t",
  });
  expect(JSON.parse(seen[0]?.body ?? "{}").body).not.toMatch(/(^|[^\u2060])@everyone/);
  expect(said).toBe("");
});

it("only warns where it may not comment, with the right that is missing", async () => {
  status = 403;
  await comment();
  expect(said).toMatch(/^::warning::.*\(403\); give the job `permissions: \{contents: write\}`/);
});

it("asks nobody without a token", async () => {
  await comment({ GITHUB_TOKEN: "" });
  expect(seen).toEqual([]);
});
