import { beforeEach, describe, expect, it } from "vitest";
import type { Clock } from "../../../resource/context/clock.ts";
import type { ContextParts } from "../../../resource/context/context.ts";
import type { Properties } from "../../../resource/provide.ts";
import { PartialFailure } from "../../../resource/provider.ts";
import { steppingClock, testContext } from "../../../resource/testing/test-context.ts";
import { restartProvider, restartProviderOver } from "./restart-provider.ts";
import { MemoryHost } from "./testing/memory-host.ts";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A gateway that knows its kernels from its restart on, and what was run on its host. */
let gateway: { running: string[]; listed: string[]; answers: boolean };
let host: MemoryHost;
beforeEach(() => {
  gateway = { running: [], listed: ["a"], answers: true };
  host = new MemoryHost("local");
  for (const name of ["a", "b"]) host.install("/srv/kernels", `kernel/${name}/1`);
});

const fetchGateway: typeof fetch = async (url) => {
  if (!gateway.answers) throw new TypeError("fetch failed");
  const { pathname } = new URL(String(url));
  if (pathname === "/api") return Response.json({ version: "3" });
  if (pathname === "/api/kernels") return Response.json(gateway.running.map((id) => ({ id, name: "a" })));
  return Response.json({ kernelspecs: Object.fromEntries(gateway.listed.map((name) => [name, {}])) });
};
const provider = restartProviderOver(() => host);
const run = (parts: Partial<ContextParts> = {}) => testContext({}, { fetch: fetchGateway, ...parts });
const inputs = (changes: Properties = {}): Properties => ({
  gateway: "lab",
  url: "http://127.0.0.1:8888",
  hosts: [{ kind: "local" }],
  specsFolder: "/srv/kernels",
  registrations: ["kernel/a/1"],
  restart: { mode: "command", command: ["restart-it"] },
  ...changes,
});

/** A run that is interrupted when something in it waits for the first time. */
function interrupted() {
  const interrupt = new AbortController();
  const clock: Clock = {
    ...steppingClock(),
    sleep: async () => {
      interrupt.abort(new Error("interrupted"));
      interrupt.signal.throwIfAborted();
    },
  };
  return run({ clock, signal: interrupt.signal });
}

describe("check", () => {
  it("reports everything that is wrong at once, and accepts a value that isn't known yet", async () => {
    const wrong = {
      gateway: "",
      url: "ftp://x",
      hosts: [],
      specsFolder: "/srv/kernels",
      registrations: UNKNOWN,
      restart: { mode: "magic" },
    };
    const { failures } = await restartProvider.check({}, wrong, testContext());
    expect(failures.map(({ property }) => property)).toEqual(["gateway", "url", "hosts", "restart.mode"]);
  });

  it("announces the first restart with the kernels that it would end, and a later one in the diff", async () => {
    gateway.running = ["1", "2"];
    const first = run();
    await provider.check({}, inputs({ registrations: UNKNOWN }), first);
    expect(first.reports).toEqual([
      {
        severity: "info",
        message: "a restart of the gateway lab (http://127.0.0.1:8888) would end 2 kernels",
      },
    ]);
    const later = run();
    await provider.check(inputs(), inputs(), later);
    expect(later.reports).toEqual([]);
    const state = { applied: [], healthy: true, restarts: 0 };
    expect(await provider.diff("", state, inputs(), later)).toEqual({ changes: true });
    expect(later.reports).toHaveLength(1);
  });
});

describe("a gateway", () => {
  it("restarts once for its new kernels, and then never for the same or fewer", async () => {
    gateway.listed = ["a", "b"];
    const both = inputs({ registrations: ["kernel/b/1", "kernel/a/1"] });
    const { id, outs } = await provider.create(both, run());
    expect(host.restarts).toEqual(["restart-it"]);
    expect(outs).toEqual({ applied: ["kernel/a/1", "kernel/b/1"], healthy: true, restarts: 1 });
    expect(await provider.diff(id, outs, both, run())).toEqual({ changes: false });
    expect(await provider.diff(id, outs, inputs(), run())).toEqual({ changes: false });
    const { outs: fewer } = await provider.update(id, outs, inputs(), run());
    expect([host.restarts.length, fewer["restarts"]]).toEqual([1, 1]);
  });

  it("restarts for nothing while it is held, and once for all that waited when it no longer is", async () => {
    gateway.listed = ["a", "b"];
    const both = inputs({ registrations: ["kernel/b/1", "kernel/a/1"] });
    const held = { ...both, held: "frozen until noon" };
    const { id, outs } = await provider.create(held, run());
    expect(outs).toEqual({ applied: [], healthy: true, restarts: 0 });
    const during = run();
    expect(await provider.diff(id, outs, held, during)).toEqual({ changes: false });
    expect(during.reports).toEqual([
      { severity: "warning", message: "the restart of the gateway lab is held: frozen until noon" },
    ]);
    const asked = { mode: "command", command: ["restart-it"], again: "please" };
    const state = { applied: ["kernel/a/1", "kernel/b/1"], healthy: true, restarts: 1 };
    expect(await provider.diff(id, state, { ...held, restart: asked }, run())).toEqual({ changes: false });
    const calm = run();
    expect(await provider.diff(id, state, held, calm)).toEqual({ changes: false });
    expect([calm.reports, host.restarts]).toEqual([[], []]);

    expect(await provider.diff(id, outs, both, run())).toEqual({ changes: true });
    const { outs: after } = await provider.update(id, outs, both, run());
    expect(after).toMatchObject({ applied: ["kernel/a/1", "kernel/b/1"], restarts: 1 });
    expect(host.restarts).toEqual(["restart-it"]);
  });

  it("takes over a state that names only the registrations it was restarted for", async () => {
    const olds = { applied: ["kernel/a/1"] };
    expect(await provider.diff("gateway-restart/lab", olds, inputs(), run())).toEqual({ changes: false });
    expect(host.restarts).toEqual([]);
  });

  it("without an address and in mode none only notes what is registered", async () => {
    const bare = inputs({ url: undefined, restart: { mode: "none" } });
    const { outs } = await provider.create(bare, run());
    expect(outs).toEqual({ applied: ["kernel/a/1"], healthy: true, restarts: 0 });
    expect(host.restarts).toEqual([]);
  });

  it("whose kernels run is restarted once they have ended, if the policy is to wait", async () => {
    gateway.running = ["1"];
    const clock = steppingClock();
    const sleep = async (pause: number) => {
      if (clock.slept.length === 2) gateway.running = [];
      await clock.sleep(pause);
    };
    await provider.create(inputs({ whenBusy: "wait" }), run({ clock: { ...clock, sleep } }));
    expect([host.restarts.length, clock.slept]).toEqual([1, [5_000, 5_000, 5_000]]);
  });

  it("is not restarted where the wait for its kernels is interrupted", async () => {
    gateway.running = ["1"];
    await expect(provider.create(inputs({ whenBusy: "wait" }), interrupted())).rejects.toThrow("interrupted");
    expect(host.restarts).toEqual([]);
  });

  it.each([
    ["that takes too long is noted as restarted", () => run(), /does not list a, 120 s after its restart/],
    ["is interrupted after its restart is noted as restarted", interrupted, /the gateway lab: .*interrupted/],
  ])("%s, and the next run only checks again", async (_, context, reason) => {
    gateway.listed = [];
    const failure = await provider.create(inputs(), context()).catch((error: unknown) => error);
    if (!(failure instanceof PartialFailure)) throw failure;
    expect(failure.reasons[0]).toMatch(reason);
    expect(failure.properties).toEqual({ applied: ["kernel/a/1"], healthy: false, restarts: 1 });
    gateway.listed = ["a"];
    const kept = { ...failure.properties };
    expect(await provider.diff(failure.id, kept, inputs(), run())).toEqual({ changes: true });
    const { outs } = await provider.update(failure.id, kept, inputs(), run());
    expect(outs).toEqual({ applied: ["kernel/a/1"], healthy: true, restarts: 1 });
    expect(host.restarts).toHaveLength(1);
  });
});

it("a state of version 0.1.0 shows no change", async () => {
  const kept = {
    __provider: "exports.handler = …",
    applied: ["kernel/a/1"],
    healthy: true,
    restarts: 3,
  };
  expect(await provider.diff("gateway-restart/lab", kept, inputs(), run())).toEqual({ changes: false });
});
