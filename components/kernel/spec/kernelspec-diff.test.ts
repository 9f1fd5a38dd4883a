import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Planned, UNKNOWN } from "../../resource/contract.ts";
import { testContext } from "../../resource/testing/test-context.ts";
import { type KernelspecState, kernelspecContract } from "./kernelspec-contract.ts";
import { isChange, kernelspecChange } from "./kernelspec-diff.ts";
import { kernelspecProvider } from "./kernelspec-provider.ts";
import { appliedState } from "./kernelspec-state.ts";

type Given = Readonly<Record<string, unknown>>;

const image = (digit: string) => `example.org/kernels/bell@sha256:${digit.repeat(64)}`;
const body = { backend: { kind: "process-proxy", proxy: "docker" } };
// These hosts are names only, so no plan looks at them.
const place = {
  name: "lab",
  hosts: [{ kind: "local" }] as Given[],
  specsFolder: "/srv/kernels",
  preflight: false,
};

function inputs(changes: Given = {}): Given {
  return {
    name: "bell",
    displayName: "Bell states",
    language: "python",
    image: image("a"),
    body,
    gateway: place,
    ...changes,
  };
}

/** Inputs as a diff gets them; `unknown` ones are not known before `up`. */
function wanted(changes: Given = {}, unknown: Given = {}): Planned<typeof kernelspecContract> {
  return { ...kernelspecContract.inputs.parse(inputs(changes)), ...unknown };
}

function applied(changes: Given = {}): KernelspecState {
  const state = appliedState(kernelspecContract.inputs.parse(inputs(changes)), "kernel/bell/1", new Map());
  // As the engine hands it back.
  return kernelspecContract.state.parse(JSON.parse(JSON.stringify(state)));
}

const gateway = (changes: Given) => ({ gateway: { ...place, ...changes } });

describe("kernelspecChange", () => {
  it("finds nothing where nothing differs, whatever defaults are written out", () => {
    expect(isChange(kernelspecChange(applied(), wanted()))).toBe(false);
    const written = { body: { ...body, env: {}, resources: {}, config: {} }, rollback: false };
    expect(isChange(kernelspecChange(applied(), wanted(written)))).toBe(false);
  });

  it.each<[string, Given, Given]>([
    ["the image alone", { image: image("b") }, { image: true, file: false, replaces: [] }],
    ["the display name", { displayName: "Bell" }, { image: false, file: true, replaces: [] }],
    ["the environment", { body: { ...body, env: { A: "1" } } }, { file: true, replaces: [] }],
    ["the name", { name: "bell2" }, { replaces: ["name"] }],
    ["the folder of the specs", gateway({ specsFolder: "/opt/kernels" }), { replaces: ["gateway"] }],
    ["a gateway's other name", gateway({ name: "new" }), { renamed: true, file: false, replaces: [] }],
    [
      "another gateway's host",
      gateway({ name: "new", hosts: [{ kind: "ssh", host: "eg", user: "u", hostKey: "k" }] }),
      { replaces: ["gateway"] },
    ],
    ["a host", gateway({ hosts: [{ kind: "local" }, { kind: "local" }] }), { hosts: true, file: false }],
    ["a rollback", { rollback: true }, { rollback: "back", image: false, file: false }],
  ])("finds %s", (_, changes, expected) => {
    const change = kernelspecChange(applied(), wanted(changes));
    expect(change).toMatchObject(expected);
    expect(isChange(change)).toBe(true);
  });

  it.each<[string, Given, Given]>([
    ["an image that is not built yet", { image: UNKNOWN }, { image: true, file: false, replaces: [] }],
    ["an environment not known yet", { body: UNKNOWN }, { file: true, replaces: [] }],
    ["a gateway not known yet", { gateway: UNKNOWN }, { replaces: ["gateway"] }],
  ])("finds %s", (_, unknown, expected) => {
    const change = kernelspecChange(applied(), wanted({}, unknown));
    expect(change).toMatchObject(expected);
    expect(isChange(change)).toBe(true);
  });

  it.each<[string, Given]>([
    ["how it is pulled", { pull: { command: ["podman", "pull"], timeout: 1 } }],
    ["how it is tried", { smoke: { enabled: false, code: "", timeout: 1 } }],
    ["who uses it", { usedBy: ["bell-states"] }],
    ["another spelling of the folder", gateway({ specsFolder: "/srv//kernels/" })],
    ["the gateway's address", gateway({ url: "http://127.0.0.1:8888" })],
  ])("ignores %s", (_, changes) => {
    expect(isChange(kernelspecChange(applied(), wanted(changes)))).toBe(false);
  });

  it("holds a kernel that was rolled back, whatever the inputs are, until that is taken back", () => {
    const held = applied({ rollback: true });
    const news = { image: image("c"), displayName: "Other" };
    expect(isChange(kernelspecChange(held, wanted({ ...news, rollback: true })))).toBe(false);
    expect(kernelspecChange(held, wanted(news))).toMatchObject({
      rollback: "forward",
      image: true,
      file: true,
    });
  });

  it("finds what a refresh saw", () => {
    const seen = { ...applied(), drift: ["local: kernel.json is missing"] };
    expect(isChange(kernelspecChange(seen, wanted()))).toBe(true);
  });

  it("after an update to any inputs finds nothing", () => {
    const text = fc.string({ minLength: 1 }).filter((value) => value === value.trim() && value !== "");
    const body = fc.record({
      backend: fc.constant({ kind: "process-proxy", proxy: "kubernetes" }),
      env: fc.dictionary(fc.string(), fc.string(), { noNullPrototype: true }),
      authorizedUsers: fc.array(fc.string()),
    });
    fc.assert(
      fc.property(text, body, fc.boolean(), (displayName, written, rollback) => {
        const news = { displayName, body: written, rollback };
        expect(isChange(kernelspecChange(applied(news), wanted(news)))).toBe(false);
      }),
    );
  });
});

describe("check", () => {
  const SENTINEL = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
  const check = (changes: Given) => kernelspecProvider.check({}, inputs(changes), testContext());
  const failures = async (changes: Given) => (await check(changes)).failures.map(({ property }) => property);

  it("accepts good inputs, and values that are not known yet", async () => {
    expect(await failures({})).toEqual([]);
    expect(await failures({ image: SENTINEL, displayName: SENTINEL, gateway: SENTINEL })).toEqual([]);
  });

  it("reports everything that is wrong at once", async () => {
    const wrong = {
      name: "Bell States",
      displayName: "Bell ",
      image: "example.org/bell:latest",
      ...gateway({ hosts: [{ kind: "ssh", host: "eg", user: "u" }], specsFolder: "kernels" }),
    };
    expect(await failures(wrong)).toEqual([
      "name",
      "displayName",
      "image",
      "gateway.hosts.0.hostKey",
      "gateway.specsFolder",
    ]);
  });

  it("never lets a smoke kernel be root's", async () => {
    const smoke = { enabled: true, code: "1", timeout: 1, username: "root" };
    expect(await failures({ smoke })).toEqual(["smoke.username"]);
  });

  it("wants a command for a local kernel of another language", async () => {
    const local = { backend: { kind: "process-proxy", proxy: "local" } };
    expect(await failures({ language: "julia", body: local })).toEqual(["body.argv"]);
    expect(await failures({ language: "julia", body: { ...local, argv: ["julia"] } })).toEqual([]);
    expect(await failures({ language: "R", body: local })).toEqual([]);
  });

  it("warns once a run about a gateway that does not answer", async () => {
    const silent: typeof fetch = async () => {
      throw new TypeError("fetch failed");
    };
    const context = testContext({}, { fetch: silent });
    const news = inputs(gateway({ url: "http://gateway.example.org:8888/base" }));
    await kernelspecProvider.check({}, news, context);
    await kernelspecProvider.check({}, { ...news, name: "other", displayName: "Other" }, context);
    expect(context.reports).toEqual([
      { severity: "warning", message: "the gateway lab does not answer at gateway.example.org:8888" },
    ]);
  });
});

describe("a state of version 0.1.0", () => {
  const digest = "87168d2f9ec728426dfc277e7c11b972c3741713159611ce08949e68bff1cec8";
  const hosts = [
    { kind: "local" },
    { kind: "ssh", host: "eg1", port: 2222, user: "deploy", hostKey: "ssh-ed25519 AAAA" },
  ];
  const kept = {
    __provider: "exports.handler = …",
    registration: "kernel/bell/1f0c",
    name: "bell",
    displayName: "Bell states",
    image: image("a"),
    usedBy: ["course/bell-states"],
    hosts: { local: image("a"), "eg1:2222": image("a") },
    drift: [],
    applied: {
      name: "bell",
      displayName: "Bell states",
      language: "python",
      image: image("a"),
      body: {
        backend: { kind: "process-proxy", proxy: "docker" },
        env: { LEVEL: "1" },
        resources: { cpus: 1, memory: "2Gi" },
        authorizedUsers: ["ann"],
        config: {},
      },
      gateway: { name: "lab", url: "https://gateway.example.org", hosts, specsFolder: "/srv/kernels" },
      rollback: false,
      owner: "lectern/prod",
      files: { local: digest, "eg1:2222": digest },
    },
  };
  const news: Given = {
    ...inputs(),
    body: {
      backend: { kind: "process-proxy", proxy: "docker" },
      env: { LEVEL: "1" },
      resources: { cpus: 1, memory: "2Gi" },
      authorizedUsers: ["ann"],
    },
    gateway: {
      name: "lab",
      url: "https://gateway.example.org",
      hosts,
      specsFolder: "/srv//kernels/",
      preflight: false,
    },
    pull: { command: ["docker", "pull"], timeout: 1800 },
    smoke: { enabled: true, code: "1 + 1", timeout: 120 },
    rollback: false,
    owner: "lectern/prod",
    usedBy: ["course/bell-states"],
  };
  const diff = (olds: Given, wants: Given) =>
    kernelspecProvider.diff("kernel/bell/1f0c", olds, wants, testContext());

  it("shows no change, and a new image as an update", async () => {
    expect(await diff(kept, news)).toEqual({ changes: false });
    expect(await diff(kept, { ...news, image: image("b") })).toEqual({ changes: true });
    expect(await diff(kept, { ...news, name: "bell2" })).toEqual({ changes: true, replaces: ["name"] });
  });

  it("is read with another spelling of the folder", async () => {
    const place = { ...kept.applied.gateway, specsFolder: "/srv/kernels/" };
    const older = { ...kept, applied: { ...kept.applied, gateway: place } };
    expect(await diff(older, news)).toEqual({ changes: false });
  });
});
