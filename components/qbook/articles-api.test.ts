import { mkdtempSync, rmSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import type { Envelope } from "../../sandbox/services/qbook/answers.ts";
import { startQbook } from "../../sandbox/services/qbook/qbook.ts";
import { readBody, sendJson, serve } from "../../sandbox/services/server.ts";
import { systemClock } from "../resource/context/clock.ts";
import { makeContext } from "../resource/context/context.ts";
import { articlesApi } from "./articles-api.ts";
import { connectionProblems, openConnection, qbookConnection, requestLimiter } from "./connection.ts";
import { QbookError } from "./qbook-error.ts";
import { redaction } from "./redaction.ts";

const KEY = "canary/key+4711";
const TOKEN = 'canary"token\\0815';
const BODY = {
  data: { courseName: "Bell" },
  repoUrl: "https://git.example.org/a",
  commitSha: "c",
  repoReadToken: TOKEN,
};

function apiAt(url: string) {
  const options = { url, key: KEY, secrets: [TOKEN], timeout: 5_000, backoff: 1 };
  return articlesApi(openConnection({ fetch: globalThis.fetch, clock: systemClock }, options));
}

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** An API that answers every call alike, and remembers what it got. */
async function answering(status: number, body: unknown, headers: Record<string, string> = {}) {
  const received: Received[] = [];
  const service = await serve(async (request, response) => {
    const text = (await readBody(request)).toString("utf8");
    received.push({ method: request.method, url: request.url, headers: request.headers, body: text });
    if (typeof body !== "string") return sendJson(response, status, body, headers);
    response.writeHead(status, headers).end(body);
  });
  onTestFinished(service.stop);
  return { client: apiAt(service.url), received, url: service.url };
}

const failureOf = async (call: Promise<unknown>): Promise<QbookError> => {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof QbookError)) throw new Error(`expected a QbookError, got ${String(error)}`);
  return error;
};

describe("a call", () => {
  test("sends the key in its header, and what the API is known to take", async () => {
    const { client, received } = await answering(201, { article: { customId: "bell-1" } });
    expect(await client.ingest("course", BODY)).toEqual({ customId: "bell-1" });
    const [{ method, url, headers, body = "" } = {} as Partial<Received>] = received;
    expect([method, url]).toEqual(["POST", "/learn/articles/course/ingest"]);
    expect(headers).toMatchObject({ "x-api-key": KEY, "content-type": "application/json" });
    expect(JSON.parse(body)).toEqual({ ...BODY, forceDuplicateQuestions: false, runAttempt: 1 });
  });

  test("escapes an ID in its path", async () => {
    const { client, received } = await answering(200, { status: "processed", qbookUrl: "https://x" });
    await client.status("../../users?x=1");
    expect(received[0]?.url).toBe("/learn/articles/files/status/..%2F..%2Fusers%3Fx%3D1");
  });

  test.each<Envelope>(["success", "status", "bare"])("understands the envelope %s", async (envelope) => {
    const folder = mkdtempSync(join(tmpdir(), "lectern-qbook-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const api = await startQbook({ folder, apiKey: KEY, envelope });
    onTestFinished(() => api.stop());
    expect(await apiAt(api.url).verify()).toEqual({ email: "author@example.org" });
    expect(await apiAt(api.url).status("none")).toBeUndefined();
  });

  test.each([
    ["a bare answer", { status: "processing", qbookUrl: null }, { status: "processing" }],
    ["an answer without a URL", { success: true, data: { status: "failed" } }, { status: "failed" }],
    ["an empty URL", { status: "processed", qbookUrl: "" }, { status: "processed" }],
    [
      "a URL",
      { status: "success", data: { status: "failed", qbookUrl: "https://q/u" } },
      { status: "failed", url: "https://q/u" },
    ],
    ["a status that is not documented", { status: "queued" }, { status: "queued" }],
    ["a script as URL", { status: "processed", qbookUrl: "javascript:alert(1)" }, { status: "processed" }],
    ["no URL at all", { status: "processed", qbookUrl: "learn/x" }, { status: "processed" }],
    ["a revision", { status: "processed", revision: 7 }, { status: "processed", revision: "7" }],
    ["a commit", { status: "processed", commitSha: "c" }, { status: "processed", revision: "c" }],
    [
      "a failure with its reason",
      { success: true, data: { status: "failed", error: { message: `no\n kernel ${KEY}` } } },
      { status: "failed", detail: "no kernel [redacted]" },
    ],
  ])("reads the status from %s", async (_, answer, status) => {
    expect(await (await answering(200, answer)).client.status("x")).toEqual(status);
  });
});

describe("a failed call", () => {
  test("reports the call, the status, and the API's code and message", async () => {
    const { client } = await answering(400, {
      success: false,
      error: { code: "BAD", message: "no\n  title" },
    });
    const error = await failureOf(client.ingest("blog", BODY));
    expect(error.message).toBe(
      "qBook POST /learn/articles/blog/ingest: status 400 (BAD: no title). Correct what qBook reports, and run again.",
    );
    expect(error).toMatchObject({ outcome: "refused", status: 400, apiCode: "BAD" });
  });

  test.each([
    [401, "refused"],
    [403, "refused"],
    [404, "refused"],
    [409, "refused"],
    [422, "refused"],
    [301, "uncertain"],
    [302, "uncertain"],
    [303, "uncertain"],
    [307, "uncertain"],
    [408, "uncertain"],
    [499, "uncertain"],
    [500, "uncertain"],
    [502, "uncertain"],
    [504, "uncertain"],
  ])("with %d is %s, and a creation is not sent again", async (status, outcome) => {
    const { client, received } = await answering(status, "<html>no JSON</html>", { location: "/elsewhere" });
    expect((await failureOf(client.ingest("course", BODY))).outcome).toBe(outcome);
    expect(received).toHaveLength(1);
  });

  test.each([
    ["cut JSON", '{"article": {"custom'],
    ["no ID", { success: true, data: { article: {} } }],
    ["an empty ID", { article: { customId: "" } }],
    ["an ID of another type", { article: { customId: 7 } }],
    ["nothing", ""],
    ["a failure with a good status", { success: false, error: { code: "X", message: "y" } }],
    ["an ID with the key in it", { article: { customId: `x-${KEY}` } }],
  ])("is a creation answered with %s, and its outcome is uncertain", async (_, answer) => {
    const { client, received } = await answering(200, answer);
    expect(await failureOf(client.ingest("course", BODY))).toMatchObject({ outcome: "uncertain" });
    expect(received).toHaveLength(1);
  });

  test.each([
    ["a login page", "<!doctype html><title>Log in</title>"],
    ["nothing", ""],
    ["cut JSON", '{"article": {"custom'],
    ["an object that reports no success", {}],
    ["a list", []],
    ["a failure with a good status", { success: false, error: { code: "X", message: "y" } }],
    ["another article", { article: { customId: "bell-2" } }],
    ["an article without an ID", { success: true, data: { article: {} } }],
  ])("is an update answered with %s, which may be sent again", async (_, answer) => {
    const { client } = await answering(200, answer);
    const error = await failureOf(client.replace("course", "bell-1", BODY));
    expect(error).toMatchObject({ outcome: "uncertain", status: 200 });
  });

  test.each([
    { article: { customId: "bell-1" } },
    { success: true, data: { article: { customId: "bell-1" } } },
    { status: "success", data: { article: { customId: "bell-1" } } },
    { success: true },
    { status: "success", data: null },
  ])("is not an update that is answered with %j", async (answer) => {
    const { client } = await answering(200, answer);
    await client.replace("course", "bell-1", BODY);
  });

  test("that a page answered names what may be in between", async () => {
    const { client } = await answering(200, "<html>Log in</html>");
    expect((await failureOf(client.replace("course", "bell-1", BODY))).message).toBe(
      "qBook PUT /learn/articles/course/bell-1: unexpected response with status 200 (not JSON). Check lectern:apiUrl, and whether a proxy or a login page answered instead of the API; if neither did, ask qBook's support.",
    );
  });

  test("with an ID that contains the key reports the status that was answered", async () => {
    const { client } = await answering(201, { article: { customId: `x-${KEY}` } });
    expect(await failureOf(client.ingest("course", BODY))).toMatchObject({ status: 201 });
  });

  test("whose answer is no HTTP says so", async () => {
    const raw = createServer((socket) => socket.once("data", () => socket.end("\0\x01garbage\r\n\r\n")));
    await new Promise<void>((listening) => raw.listen(0, "127.0.0.1", listening));
    onTestFinished(() => void raw.close());
    const { port } = raw.address() as AddressInfo;
    const { message, outcome } = await failureOf(apiAt(`http://127.0.0.1:${port}`).ingest("course", BODY));
    expect([message, outcome]).toEqual([
      expect.stringMatching(/no answer from 127\.0\.0\.1:\d+ \(.*HTTP/),
      "uncertain",
    ]);
    expect(message).not.toContain("undefined");
  });

  test("takes the key nowhere else: a redirect is not followed", async () => {
    const other = await answering(200, { email: "x" });
    const { client } = await answering(307, "", { location: other.url });
    expect((await failureOf(client.verify())).message).toContain("Set lectern:apiUrl to the address");
    expect(other.received).toEqual([]);
  });

  test("holds no secret, in whatever spelling the API echoes it", async () => {
    const echoes = [KEY, TOKEN, encodeURIComponent(KEY), JSON.stringify(TOKEN), btoa(TOKEN)].join(" ");
    for (const status of [400, 200]) {
      const { client } = await answering(status, { success: false, error: { code: KEY, message: echoes } });
      const error = await failureOf(client.ingest("course", BODY));
      const shown = JSON.stringify({ ...error, message: error.message, stack: error.stack });
      for (const secret of ["canary", btoa(TOKEN).slice(0, 12)]) expect(shown).not.toContain(secret);
      expect(shown).toContain("[redacted]");
    }
  });

  test("keeps a secret out of the URL that is saved", async () => {
    const { client } = await answering(200, {
      status: "processed",
      qbookUrl: `https://q/?t=${encodeURIComponent(KEY)}`,
    });
    expect(await client.status("x")).toEqual({ status: "processed", url: "https://q/?t=[redacted]" });
  });
});

test("a redacted text holds no secret, whatever is around it", () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1 }),
      fc.string({ minLength: 8 }),
      fc.string(),
      (before, secret, after) => {
        fc.pre(!"[redacted]".includes(secret));
        const clean = redaction([secret, undefined, ""])(`${before}${secret}${after}`);
        expect(clean.includes(secret)).toBe(false);
      },
    ),
  );
});

describe("the limiter", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  test("lets a burst through at once, and never more than the limit within 15 minutes", async () => {
    vi.useFakeTimers({ now: 0 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 400_000 }), { maxLength: 40 }), async (gaps) => {
        const limiter = requestLimiter(5);
        const starts: number[] = [];
        const calls: Promise<unknown>[] = [];
        for (const gap of gaps) {
          await vi.advanceTimersByTimeAsync(gap);
          calls.push(limiter(async () => starts.push(Date.now())));
        }
        await vi.advanceTimersByTimeAsync(40 * 900_000);
        await Promise.all(calls);
        expect(starts).toHaveLength(gaps.length);
        for (const [index, start] of starts.entries()) {
          expect(start - (starts[index - 5] ?? Number.NEGATIVE_INFINITY)).toBeGreaterThanOrEqual(900_000);
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe("the connection of a run", () => {
  const contextOf = (config: Record<string, string>) =>
    makeContext({
      raw: (key) => config[key],
      fetch: globalThis.fetch,
      clock: systemClock,
      report: () => {},
      run: "run",
    });

  test("is one, and another run has another", () => {
    const context = contextOf({ apiKey: KEY });
    expect(qbookConnection(context)).toBe(qbookConnection(context));
    expect(qbookConnection(context)).not.toBe(qbookConnection(contextOf({ apiKey: KEY })));
  });

  test.each([
    ["no key", {}, "lectern:apiKey"],
    ["plain http", { apiKey: KEY, apiUrl: "http://qbook.example.org" }, "lectern:apiUrl"],
    ["a password in the URL", { apiKey: KEY, apiUrl: "https://a:b@qbook.example.org" }, "lectern:apiUrl"],
    ["no URL", { apiKey: KEY, apiUrl: "qbook" }, "lectern:apiUrl"],
    ["no number", { apiKey: KEY, requestTimeout: "soon" }, "lectern:requestTimeout"],
  ])("is refused with %s", (_, config, path) => {
    const context = contextOf(config);
    expect(connectionProblems(context).map((problem) => problem.path)).toEqual([path]);
    expect(() => qbookConnection(context)).toThrow(path);
  });

  test("may be plain http on this machine", () => {
    expect(connectionProblems(contextOf({ apiKey: KEY, apiUrl: "http://127.0.0.1:8080" }))).toEqual([]);
  });
});
