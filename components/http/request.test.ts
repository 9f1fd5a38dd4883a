import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { type Clock, systemClock } from "../resource/context/clock.ts";

import { type CallPolicy, NoAnswer, request } from "./request.ts";

type Handler = (request: IncomingMessage, response: ServerResponse, call: number) => void;

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** A server that answers each call, counted from 1, as told. */
async function server(handler: Handler) {
  const seen = { calls: 0 };
  const http = createServer((message, response) => {
    seen.calls += 1;
    handler(message, response, seen.calls);
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  stops.push(async () => {
    http.closeAllConnections();
    await new Promise((resolve) => http.close(resolve));
  });
  return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/`, seen };
}

/** A clock whose waits are over at once, and which remembers them. */
function impatientClock(): Clock & { readonly waits: number[] } {
  const waits: number[] = [];
  return { waits, now: () => Date.now(), sleep: async (milliseconds) => void waits.push(milliseconds) };
}

const policy = (over: Partial<CallPolicy> = {}): CallPolicy => ({
  name: "GET /thing of the server",
  timeout: 5_000,
  idempotent: true,
  ...over,
});

const network = (clock: Clock = impatientClock()) => ({ fetch: globalThis.fetch, clock });

describe("an idempotent call", () => {
  test.each([429, 500, 502, 503])("is tried again after %d", async (status) => {
    const { url, seen } = await server((_, response, call) => {
      response.statusCode = call < 3 ? status : 200;
      response.end("fine");
    });
    const response = await request(network(), url, {}, policy());
    expect([response.status, await response.text(), seen.calls]).toEqual([200, "fine", 3]);
  });

  test("gives back the last answer when every attempt fails, body included", async () => {
    const { url, seen } = await server((_, response) => {
      response.statusCode = 503;
      response.end("down");
    });
    const response = await request(network(), url, {}, policy({ retries: 2 }));
    expect([response.status, await response.text(), seen.calls]).toEqual([503, "down", 3]);
  });

  test("is tried again when the connection breaks, also in the middle of the body", async () => {
    const { url, seen } = await server((_, response, call) => {
      if (call === 1) return void response.destroy();
      response.writeHead(200, { "content-length": "10" });
      if (call === 2) return void response.write("half", () => response.destroy());
      response.end("0123456789");
    });
    const response = await request(network(), url, {}, policy());
    expect([await response.text(), seen.calls]).toEqual(["0123456789", 3]);
  });

  test("is not tried again after a response that refuses", async () => {
    const { url, seen } = await server((_, response) => {
      response.statusCode = 404;
      response.end();
    });
    expect((await request(network(), url, {}, policy())).status).toBe(404);
    expect(seen.calls).toBe(1);
  });

  test("waits longer each time, with jitter, never shorter than Retry-After, at most two minutes", async () => {
    const clock = impatientClock();
    const asked = ["", "7", new Date(Date.now() + 50_000).toUTCString(), "9999"];
    const { url } = await server((_, response, call) => {
      response.statusCode = 429;
      const after = asked[call - 1];
      if (after) response.setHeader("retry-after", after);
      response.end();
    });
    await request(network(clock), url, {}, policy({ backoff: 100 }));
    const [first = 0, second, third = 0, fourth] = clock.waits;
    expect(first).toBeGreaterThanOrEqual(100);
    expect(first).toBeLessThanOrEqual(200);
    expect(second).toBe(7_000);
    expect(third).toBeGreaterThan(40_000);
    expect(third).toBeLessThanOrEqual(50_000);
    expect(fourth).toBe(120_000);
    expect(clock.waits).toHaveLength(4);
  });
});

describe("a call that must not be sent twice", () => {
  const post = policy({ idempotent: false });

  test.each([500, 503])("is not tried again after %d", async (status) => {
    const { url, seen } = await server((_, response) => {
      response.statusCode = status;
      response.end();
    });
    expect((await request(network(), url, { method: "POST" }, post)).status).toBe(status);
    expect(seen.calls).toBe(1);
  });

  test("is tried again after 429, which means that nothing was done", async () => {
    const { url, seen } = await server((_, response, call) => {
      response.statusCode = call === 1 ? 429 : 201;
      response.end();
    });
    expect((await request(network(), url, { method: "POST", body: "{}" }, post)).status).toBe(201);
    expect(seen.calls).toBe(2);
  });

  test("is not tried again when its answer is lost, and counts as sent", async () => {
    const { url, seen } = await server((_, response) => void response.destroy());
    const failure = await request(network(), url, { method: "POST" }, post).catch((error) => error);
    expect(failure).toBeInstanceOf(NoAnswer);
    expect([failure.sent, failure.reason, seen.calls]).toEqual([true, "network", 1]);
  });

  test("counts as sent when the body of the answer breaks off", async () => {
    const { url, seen } = await server((_, response) => {
      response.writeHead(201, { "content-length": "10" });
      response.write("half", () => response.destroy());
    });
    const failure = await request(network(), url, { method: "POST" }, post).catch((error) => error);
    expect([failure.sent, seen.calls]).toEqual([true, 1]);
  });

  test("counts as not sent, and is tried again, where nobody listens", async () => {
    const clock = impatientClock();
    const { url } = await server(() => {});
    await stops.pop()?.();
    const failure = await request(network(clock), url, { method: "POST" }, post).catch((error) => error);
    expect([failure.sent, failure.message, clock.waits.length]).toEqual([
      false,
      "GET /thing of the server: ECONNREFUSED",
      4,
    ]);
  });

  test("counts as sent when no answer comes in time", async () => {
    const { url } = await server(() => {});
    const failure = await request(
      network(systemClock),
      url,
      { method: "POST" },
      policy({ idempotent: false, timeout: 30 }),
    ).catch((error) => error);
    expect([failure.sent, failure.reason]).toEqual([true, "timeout"]);
    expect(failure.message).toContain("no answer within 0.03 s");
  });
});

test("an interrupted call ends with the interruption's own reason", async () => {
  const stop = new AbortController();
  const reason = new Error("interrupted");
  const { url } = await server(() => stop.abort(reason));
  await expect(request(network(), url, {}, policy({ signal: stop.signal }))).rejects.toBe(reason);
});

test("each attempt waits for its turn", async () => {
  let turns = 0;
  const { url } = await server((_, response, call) => {
    response.statusCode = call === 1 ? 500 : 200;
    response.end();
  });
  const limiter = <T>(run: () => Promise<T>) => {
    turns += 1;
    return run();
  };
  await request(network(), url, {}, policy({ limiter }));
  expect(turns).toBe(2);
});
