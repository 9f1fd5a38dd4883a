import { describe, expect, it } from "vitest";
import type { Properties } from "../../resource/provide.ts";
import { PartialFailure } from "../../resource/provider.ts";
import { fakeApi } from "../release/testing/fake-api.ts";
import { helmRecord } from "../release/testing/helm-record.ts";
import { healthInputs, healthRun } from "./testing/health-run.ts";

/** What a check fails with. */
async function failureOf(work: Promise<unknown>): Promise<PartialFailure> {
  const failure = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (failure instanceof PartialFailure) return failure;
  throw new Error(`expected a partial failure, got ${String(failure)}`);
}

const NO_TOKENS = { hubTokens: "{}" };
const DEPLOYMENT = healthInputs()["deployment"];

describe("a healthy hub", () => {
  it("is checked by its endpoint, a server of the test user and its pods, and keeps what was deployed", async () => {
    const { create, hub, messages, clock } = healthRun();
    const { id, outs } = await create();
    expect(id).toBe("campus/staging/health");
    expect(outs).toMatchObject({
      healthy: true,
      change: "sha256:1",
      checked: ["endpoint", "server", "settled"],
      since: "1970-01-01T00:02:00.500Z",
      lastHealthy: DEPLOYMENT,
    });
    expect(hub.server).toBe("none");
    expect(clock.now()).toBe(120_500);
    expect(messages()).toEqual([
      "server of lectern-health: Server requested",
      "server of lectern-health: Server ready at /user/lectern-health/",
      "watching the hub's pods for 2 minutes",
    ]);
  });

  it("may be below a path", async () => {
    const { create, hub } = healthRun({ hub: { base: "/jupyter/" } });
    await create({ url: "https://example.org/jupyter" });
    expect(hub.requests[0]).toBe("GET /jupyter/hub/health");
    expect(hub.requests).toContain("POST /jupyter/hub/api/users/lectern-health/server");
  });

  it("without a token has its endpoint asked alone", async () => {
    const { create, hub } = healthRun({ config: NO_TOKENS });
    expect((await create()).outs["checked"]).toEqual(["endpoint", "settled"]);
    expect(hub.requests).toEqual(["GET /hub/health"]);
  });

  it("without an address has its endpoint asked through the cluster, below the path of the chart's values", async () => {
    const asked: string[] = [];
    const askHub = async (path: string) => {
      asked.push(path);
      return 200;
    };
    const { provider, context, messages } = healthRun({ cluster: { askHub } });
    const { url, ...inputs } = healthInputs({
      deployment: JSON.stringify({ values: { jupyterhub: { hub: { baseUrl: "/base/" } } } }),
    });
    expect((await provider.create(inputs, context)).outs["healthy"]).toBe(true);
    expect(asked).toEqual(["/base/hub/health"]);
    expect(messages()[0]).toContain("so no server is started: set `health.url`");
  });

  it("is given a new test user where it doesn't know the one that is named", async () => {
    const { create, hub } = healthRun({ hub: { known: false } });
    await create({ testUser: "probe" });
    expect(hub.requests.filter((request) => request.startsWith("POST"))).toEqual([
      "POST /hub/api/users/probe",
      "POST /hub/api/users/probe/server",
    ]);
  });

  it("has the server stopped first that an earlier check has left", async () => {
    const { create, hub, messages } = healthRun({ hub: { running: true } });
    await create();
    expect(messages()[0]).toBe("stopping the server of lectern-health, which an earlier check has left");
    expect(hub.requests.filter((request) => request.startsWith("DELETE"))).toHaveLength(2);
    expect(hub.server).toBe("none");
  });

  it("counts where the stream of the progress breaks off", async () => {
    const { create } = healthRun({ hub: { spawn: "silent" } });
    expect((await create()).outs["checked"]).toContain("server");
  });

  it("whose pods may not be listed is healthy, and it is reported that they are not watched", async () => {
    const { create, messages } = healthRun({ cluster: { pods: async () => undefined } });
    expect((await create()).outs["checked"]).toEqual(["endpoint", "server"]);
    expect(messages().at(-1)).toBe(
      "the pods of the namespace staging may not be listed: restarts and failed starts of servers are not watched",
    );
  });
});

describe("an attempt that fails", () => {
  it("is made again, with ever longer pauses", async () => {
    const { create, hub, messages, clock } = healthRun({
      hub: { health: [503, 404, 200] },
      config: NO_TOKENS,
    });
    expect((await create()).outs["healthy"]).toBe(true);
    expect(hub.requests).toHaveLength(3);
    expect(clock.slept.slice(0, 2)).toEqual([30_000, 60_000]);
    expect(messages()[0]).toBe("attempt 1 of 3 failed, trying again: the hub's health endpoint answered 503");
  });

  it("is the last one after the number of attempts", async () => {
    const { create, hub } = healthRun({ hub: { health: [503] } });
    const { reasons, properties } = await failureOf(create());
    expect(reasons).toEqual([
      "the hub campus/staging is not healthy: the hub's health endpoint answered 503. See the log of the hub and its proxy for the cause, and check `health.url`.",
    ]);
    expect(properties).toMatchObject({ healthy: false, checked: [], change: "sha256:1" });
    expect(hub.requests).toHaveLength(3);
  });

  it("is the last one once the limit is reached", async () => {
    const { create, hub } = healthRun({ hub: { health: [503], slow: 60_000 } });
    await failureOf(create({ attempts: 100, limit: 120 }));
    expect(hub.requests).toHaveLength(2);
  });

  it("is the last one where the token is refused, which names the scopes", async () => {
    const { create, hub } = healthRun({ hub: { token: "another" } });
    const { reasons, properties } = await failureOf(create());
    expect(reasons[0]).toContain("refuses to read the user lectern-health: status 403, Missing or invalid");
    expect(reasons[0]).toContain("lectern:hubTokens");
    expect(properties).toMatchObject({ checked: ["endpoint"] });
    expect(hub.requests.filter((request) => request.includes("/api/"))).toHaveLength(1);
  });
});

describe("a server that does not start", () => {
  it.each([
    ["fails", "the server of the test user lectern-health did not start: Spawn failed: no such image"],
    ["never", "the server of the test user lectern-health did not start: it was not ready in time"],
    ["refused", "the hub's API refuses to start the server of lectern-health: status 429, Too many users"],
  ] as const)("is named with what the hub says, and is stopped: %s", async (spawn, what) => {
    const { create, hub } = healthRun({ hub: { spawn } });
    const { reasons } = await failureOf(create());
    expect(reasons[0]).toContain(what);
    expect(hub.server).toBe("none");
  });
});

describe("the server of the test user", () => {
  it("is stopped where the run is interrupted, whatever it was doing", async () => {
    const steps = [
      "GET /hub/api/users/lectern-health/server/progress",
      "POST /hub/api/users/lectern-health/server",
    ];
    for (const step of steps) {
      const interruption = new AbortController();
      const onRequest = (request: string) => void (request === step && interruption.abort(new Error("stop")));
      const { create, hub } = healthRun({ hub: { onRequest, spawn: "never" }, signal: interruption.signal });
      const { reasons, properties } = await failureOf(create());
      expect(reasons).toEqual([
        "the check of the hub campus/staging was interrupted. The next deployment repeats it.",
      ]);
      expect(properties).toMatchObject({ healthy: false });
      expect(hub.server).toBe("none");
    }
  });

  it("that can't be stopped makes the hub unhealthy, and is named", async () => {
    const { create, clock } = healthRun({ hub: { stuck: true } });
    const { reasons } = await failureOf(create());
    expect(reasons).toEqual([
      "the hub campus/staging is not healthy: the server of the test user lectern-health could not be stopped. Stop it on the hub's admin page.",
    ]);
    expect(clock.now()).toBeLessThan(130_000);
  });

  it("that can't be stopped is named beside what failed first", async () => {
    const steps: (() => void)[] = [];
    const onRequest = (request: string) => {
      if (request.endsWith("/progress")) steps.pop()?.();
    };
    const { create, hub } = healthRun({ hub: { spawn: "fails", stuck: true, onRequest } });
    steps.push(() => hub.revoke());
    const { reasons } = await failureOf(create());
    expect(reasons[0]).toMatch(/refuses to .*status 403.*could not be stopped/);
  });
});

describe("a notebook", () => {
  const notebook = { path: "package.json", digest: "sha256:0" };

  it("that is not the one of the plan fails before a server starts", async () => {
    const { create, hub } = healthRun();
    const { reasons } = await failureOf(create({ notebook }));
    expect(reasons[0]).toContain("the notebook package.json has changed since the deployment began");
    expect(hub.requests.filter((request) => request.includes("/api/"))).toEqual([]);
  });

  it("is not executed without a token, which is reported", async () => {
    const { create, messages } = healthRun({ config: NO_TOKENS });
    await create({ notebook });
    expect(messages()[0]).toContain("the notebook is not executed");
  });
});

describe("when a check runs", () => {
  const changeOf = async (before: Properties, wanted: Properties) => {
    const { provider, context } = healthRun({ config: NO_TOKENS });
    const { outs } = await provider.create(healthInputs(before), context);
    return (
      await provider.diff("id", { ...outs, ...before }, healthInputs({ ...before, ...wanted }), context)
    ).changes;
  };

  it("is for another change or other checks, and not for another patience", async () => {
    expect(await changeOf({}, {})).toBe(false);
    expect(await changeOf({}, { change: "sha256:2" })).toBe(true);
    expect(await changeOf({}, { settle: 0 })).toBe(true);
    expect(await changeOf({}, { notebook: { path: "a.ipynb", digest: "sha256:1" } })).toBe(true);
    expect(await changeOf({}, { attempts: 5, limit: 60 })).toBe(false);
  });

  it("is after a failure, which keeps the last healthy deployment", async () => {
    const { provider, context } = healthRun({
      hub: { health: [200, 500, 500, 500, 200] },
      config: NO_TOKENS,
    });
    const first = await provider.create(healthInputs(), context);
    const second = healthInputs({ change: "sha256:2", deployment: '{"version":"2.0.0"}' });
    const failed = await failureOf(provider.update("id", first.outs, second, context));
    expect(failed.properties).toMatchObject({ healthy: false, lastHealthy: DEPLOYMENT });
    const state = { ...failed.properties };
    expect((await provider.diff("id", state, second, context)).changes).toBe(true);
    const again = await provider.update("id", state, second, context);
    expect(again.outs).toMatchObject({ healthy: true, lastHealthy: '{"version":"2.0.0"}' });
  });

  it("again with the same result, it keeps since when it is so", async () => {
    const { provider, context } = healthRun({ config: NO_TOKENS });
    const first = await provider.create(healthInputs(), context);
    const again = await provider.update("id", first.outs, healthInputs({ settle: 1 }), context);
    expect(again.outs["since"]).toBe(first.outs["since"]);
  });
});

describe("a refresh", () => {
  const record = { ...helmRecord(), metadata: { ...helmRecord().metadata, namespace: "staging" } };

  it("forgets the check of a release that somebody has uninstalled, so that the next deployment checks it", async () => {
    const { create, provider, context } = healthRun({ config: NO_TOKENS });
    const { id, outs } = await create({ release: "hub" });
    const cluster = fakeApi(record);
    const key = JSON.stringify(["kubernetes-api", "campus", undefined, undefined, "staging"]);
    context.once(key, async () => cluster.api);
    expect(await provider.read(id, outs, context)).toMatchObject({ id, props: outs });
    cluster.held.clear();
    expect(await provider.read(id, outs, context)).toEqual({ id: "" });
  });

  it("leaves the check as it is that an earlier version has kept without its place", async () => {
    const { create, provider, context } = healthRun({ config: NO_TOKENS });
    const { id, outs } = await create();
    const { cluster: _, namespace: __, release: ___, ...earlier } = outs;
    expect(await provider.read(id, earlier, context)).toMatchObject({ id, props: earlier });
  });
});

describe("a hub that is held", () => {
  it("is not checked again: what was found stays, and a warning names a hub that is not healthy", async () => {
    const { provider, context, messages, hub } = healthRun({ hub: { health: [500] }, config: NO_TOKENS });
    const failure = await failureOf(provider.create(healthInputs({ attempts: 1 }), context));
    const properties = { ...failure.properties };
    const asked = hub.requests.length;
    const held = healthInputs({ change: "sha256:2", held: true });
    expect((await provider.diff("id", properties, held, context)).changes).toBe(false);
    expect(messages()).toEqual([
      "the hub campus/staging is not healthy, and is not checked again while it is held",
    ]);
    // The engine updates what has failed, whatever the difference is.
    const { outs } = await provider.update("id", properties, held, context);
    expect(outs).toEqual(properties);
    expect(hub.requests).toHaveLength(asked);
    const released = healthInputs({ change: "sha256:2" });
    expect((await provider.diff("id", properties, released, context)).changes).toBe(true);
  });

  it("and was never checked is checked without failing the run, and what is wanted counts as unchecked", async () => {
    for (const health of [200, 500]) {
      const { provider, context, messages } = healthRun({ hub: { health: [health] }, config: NO_TOKENS });
      const held = healthInputs({ attempts: 1, settle: 0, held: true });
      const { id, outs } = await provider.create(held, context);
      expect(outs).toMatchObject({ healthy: health === 200, change: "" });
      expect(outs).not.toHaveProperty("lastHealthy");
      expect(messages().some((message) => message.includes("answered 500"))).toBe(health === 500);
      expect((await provider.diff(id, outs, healthInputs({ settle: 0 }), context)).changes).toBe(true);
    }
  });
});

it("takes no address with a password and no limit above 600 seconds", async () => {
  const { provider, context } = healthRun();
  const failures = async (changes: Properties) =>
    (await provider.check({}, healthInputs(changes), context)).failures.map(({ property }) => property);
  expect(await failures({ url: "https://user:secret@hub.example.org" })).toEqual(["url"]);
  expect(await failures({ limit: 601 })).toEqual(["limit"]);
  expect(await failures({})).toEqual([]);
});
