import { beforeEach, describe, expect, it } from "vitest";
import type { Properties } from "../../../resource/provide.ts";
import { PartialFailure } from "../../../resource/provider.ts";
import { testContext } from "../../../resource/testing/test-context.ts";
import { restartProviderOver } from "./restart-provider.ts";
import { MemoryHost } from "./testing/memory-host.ts";

const SPECS = "/srv/kernels";
const [URL_A, URL_B] = ["http://a.test:8888", "http://b.test:8888"];

let hosts: Record<string, MemoryHost>;
/** What each gateway answers: the kernels that it lists, or nothing. */
let listed: Record<string, string[] | undefined>;
let running: number;
beforeEach(() => {
  hosts = { a: new MemoryHost("a"), b: new MemoryHost("b") };
  hosts["a"]?.install(SPECS, "kernel/one/1");
  listed = { "a.test:8888": ["one", "two"], "b.test:8888": ["one", "two"] };
  running = 0;
});

const host = (name: string): MemoryHost => {
  const found = hosts[name];
  if (!found) throw new Error(`there is no host ${name}`);
  return found;
};
const provider = restartProviderOver((address) => host(address.kind === "ssh" ? address.host : "local"));
const answer: typeof fetch = async (url) => {
  const { host: name, pathname } = new URL(String(url));
  const names = listed[name];
  if (names === undefined) throw new TypeError("fetch failed");
  if (pathname === "/api") return Response.json({ version: "3" });
  if (pathname === "/api/kernels")
    return Response.json(Array.from({ length: running }, (_, id) => ({ id: String(id), name: "one" })));
  return Response.json({ kernelspecs: Object.fromEntries(names.map((one) => [one, {}])) });
};
const run = () => testContext({}, { fetch: answer });
const address = (name: string) => ({ kind: "ssh", host: name, user: "u", hostKey: "ssh-ed25519 AAAA" });
const inputs = (changes: Properties = {}): Properties => ({
  gateway: "lab",
  url: URL_A,
  hosts: [address("a")],
  specsFolder: SPECS,
  gatewayHosts: [
    { address: address("a"), url: URL_A },
    { address: address("b"), url: URL_B },
  ],
  registrations: ["kernel/one/1"],
  restart: { mode: "command", command: ["restart-it"] },
  owner: "lectern/prod",
  ...changes,
});
const restarts = () => [host("a").restarts.length, host("b").restarts.length];
const killed = () => {
  throw new Error("killed");
};

describe("a gateway on several hosts", () => {
  it("restarts on those that run it, one after the other, each when the one before answers again", async () => {
    const order: string[] = [];
    host("a").onRestart = () => {
      order.push("a restarts");
      listed["a.test:8888"] = undefined;
      return 0;
    };
    host("b").onRestart = () => {
      order.push("b restarts");
      return 0;
    };
    const context = testContext(
      {},
      {
        fetch: async (url, init) => {
          if (String(url).startsWith(URL_A) && order.at(-1) === "a restarts") {
            order.push("a is asked");
            listed["a.test:8888"] = ["one"];
            throw new TypeError("fetch failed");
          }
          return answer(url, init);
        },
      },
    );
    await provider.create(inputs(), context);
    expect(order).toEqual(["a restarts", "a is asked", "b restarts"]);
  });

  it("leaves the others as they are where the first does not come back", async () => {
    host("a").onRestart = () => {
      listed["a.test:8888"] = undefined;
      return 0;
    };
    await expect(provider.create(inputs(), run())).rejects.toThrow(/on a does not answer, 120 s after/);
    expect(restarts()).toEqual([1, 0]);
    listed["a.test:8888"] = ["one"];
    await provider.create(inputs(), run());
    expect(restarts()).toEqual([1, 1]);
  });

  it("does not restart again where it did, when another host's restart failed", async () => {
    host("b").onRestart = () => 5;
    await expect(provider.create(inputs(), run())).rejects.toThrow(/b: the gateway lab .*exit code 5/);
    await expect(provider.create(inputs(), run())).rejects.toThrow(/b: .*no such unit/);
    host("b").onRestart = () => 0;
    await provider.create(inputs(), run());
    expect(restarts()).toEqual([1, 3]);
  });

  it("without hosts that are named restarts on all that hold its kernelspecs", async () => {
    await provider.create(inputs({ gatewayHosts: undefined }), run());
    expect(restarts()).toEqual([1, 0]);
  });
});

describe("a restart for a kernel", () => {
  it("is not made where the kernel's creation failed and its registration is another gateway's", async () => {
    const { id, outs } = await provider.create(inputs(), run());
    const moved = inputs({ registrations: ["kernel/one/1", "kernel/two/of-another-gateway"] });
    host("a").files.set(`${SPECS}/two/kernel.json`, JSON.stringify({ display_name: "A stranger's" }));
    const again = await provider.update(id, outs, moved, run());
    expect(restarts()).toEqual([1, 1]);
    expect(again.outs).toMatchObject({ applied: ["kernel/one/1"], restarts: 1 });
  });

  it.each([
    ["when it was done", { onDone: killed }],
    ["while it was under way", { onRestart: killed }],
  ])("that was killed %s is not made again where the gateway works", async (_, kill) => {
    Object.assign(host("a"), kill);
    await expect(provider.create(inputs(), run())).rejects.toThrow("killed");
    host("a").onRestart = () => 0;
    host("a").onDone = () => {};
    const { outs } = await provider.create(inputs(), run());
    expect(restarts()).toEqual([1, 1]);
    expect(outs).toEqual({ applied: ["kernel/one/1"], healthy: true, restarts: 1 });
  });

  it("that was killed half-way is made again where the gateway does not list the kernel", async () => {
    host("a").onRestart = killed;
    await expect(provider.create(inputs(), run())).rejects.toThrow("killed");
    listed["a.test:8888"] = [];
    host("a").onRestart = () => {
      listed["a.test:8888"] = ["one"];
      return 0;
    };
    await provider.create(inputs(), run());
    expect(restarts()).toEqual([2, 1]);
  });

  it("is one for those of two repositories that come together", async () => {
    host("a").install(SPECS, "kernel/two/2");
    let release = () => {};
    host("a").onRestart = async () => {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      return 0;
    };
    const one = provider.create(inputs(), run());
    const other = provider.create(inputs({ registrations: ["kernel/two/2"], owner: "other/prod" }), run());
    await expect.poll(() => host("a").restarts.length).toBe(1);
    release();
    await Promise.all([one, other]);
    expect(restarts()).toEqual([1, 1]);
  });

  it("is made for a kernel that came after another repository's restart", async () => {
    await provider.create(inputs(), run());
    host("a").install(SPECS, "kernel/two/2");
    await provider.create(inputs({ registrations: ["kernel/two/2"], owner: "other/prod" }), run());
    expect(restarts()).toEqual([2, 2]);
  });
});

describe("a restart that a person asks for", () => {
  const again = (word: string) =>
    inputs({ restart: { mode: "command", command: ["restart-it"], again: word } });

  it("is made once for each word, and is announced with what it ends", async () => {
    const { id, outs } = await provider.create(inputs(), run());
    running = 3;
    const plan = run();
    expect(await provider.diff(id, outs, again("monday"), plan)).toEqual({ changes: true });
    expect(plan.reports[0]?.message).toContain("would end 3 kernels");
    const monday = (await provider.update(id, outs, again("monday"), run())).outs;
    expect(restarts()).toEqual([2, 2]);
    expect(monday).toMatchObject({ again: "monday", restarts: 2 });
    expect(await provider.diff(id, monday, again("monday"), run())).toEqual({ changes: false });
    expect(await provider.diff(id, monday, inputs(), run())).toEqual({ changes: false });
    expect(await provider.diff(id, monday, again("tuesday"), run())).toEqual({ changes: true });
  });

  it("is not made twice for a word when it is killed", async () => {
    const { id, outs } = await provider.create(inputs(), run());
    host("b").onDone = killed;
    await expect(provider.update(id, outs, again("monday"), run())).rejects.toThrow("killed");
    host("b").onDone = () => {};
    await provider.update(id, outs, again("monday"), run());
    expect(restarts()).toEqual([2, 2]);
  });

  it("is not made for a word that a new gateway of the stack already has", async () => {
    await provider.create({ ...again("monday"), registrations: [] }, run());
    expect(restarts()).toEqual([0, 0]);
  });

  it("is made where the one before left the gateway without its kernels", async () => {
    listed["a.test:8888"] = [];
    const failure = await provider
      .create(inputs({ gatewayHosts: undefined }), run())
      .catch((e: unknown) => e);
    if (!(failure instanceof PartialFailure)) throw failure;
    const kept = { ...failure.properties };
    listed["a.test:8888"] = ["one"];
    await provider.update(failure.id, kept, { ...again("now"), gatewayHosts: undefined }, run());
    expect(restarts()).toEqual([2, 0]);
  });
});

describe("a gateway that is down", () => {
  const down = () => {
    listed["a.test:8888"] = undefined;
    host("a").onRestart = () => {
      listed["a.test:8888"] = ["one"];
      return 0;
    };
  };

  it("can be restarted, and the plan says that what runs on it is unknown", async () => {
    down();
    const plan = run();
    await provider.check({}, inputs({ gatewayHosts: undefined }), plan);
    expect(plan.reports[0]?.message).toContain("is unknown (it does not answer)");
    await provider.create(inputs({ gatewayHosts: undefined }), run());
    expect(restarts()).toEqual([1, 0]);
  });

  it("is left alone where the policy is to end no kernel", async () => {
    down();
    const careful = inputs({ gatewayHosts: undefined, whenBusy: "refuse" });
    await expect(provider.create(careful, run())).rejects.toThrow(/does not answer/);
    expect(restarts()).toEqual([0, 0]);
  });
});
