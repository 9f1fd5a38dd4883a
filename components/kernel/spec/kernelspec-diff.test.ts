import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { processHost } from "../../resource/host.ts";
import type { Properties } from "../../resource/provider.ts";
import { isChange, kernelspecChange } from "./kernelspec-diff.ts";
import { type KernelspecState, kernelspecInputs } from "./kernelspec-inputs.ts";
import { kernelspecProvider } from "./kernelspec-provider.ts";
import { kernelspecState } from "./kernelspec-state.ts";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const image = (digit: string) => `example.org/kernels/bell@sha256:${digit.repeat(64)}`;

function inputs(changes: Properties = {}): Properties {
  return {
    name: "bell",
    displayName: "Bell states",
    language: "python",
    image: image("a"),
    body: { backend: { kind: "process-proxy", proxy: "docker" } },
    gateway: { name: "lab", hosts: [{ kind: "local" }], specsFolder: "/srv/kernels" },
    ...changes,
  };
}

function applied(changes: Properties = {}): KernelspecState {
  const state = kernelspecState(kernelspecInputs.parse(inputs(changes)), "kernel/bell/1", new Map());
  // As the engine hands it back.
  return JSON.parse(JSON.stringify(state));
}

const gateway = (changes: Properties) => ({ gateway: { ...inputs()["gateway"], ...changes } });

describe("kernelspecChange", () => {
  it("finds nothing where nothing differs, whatever defaults are written out", () => {
    expect(isChange(kernelspecChange(applied(), inputs()))).toBe(false);
    const written = { body: { ...inputs()["body"], env: {}, resources: {}, config: {} }, rollback: false };
    expect(isChange(kernelspecChange(applied(), inputs(written)))).toBe(false);
  });

  it.each<[string, Properties, Properties]>([
    ["the image alone", { image: image("b") }, { image: true, file: false, replaces: [] }],
    ["an image that is not built yet", { image: UNKNOWN }, { image: true, file: false, replaces: [] }],
    ["the display name", { displayName: "Bell" }, { image: false, file: true, replaces: [] }],
    ["the environment", { body: { ...inputs()["body"], env: { A: "1" } } }, { file: true, replaces: [] }],
    ["an environment not known yet", { body: { ...inputs()["body"], env: { A: UNKNOWN } } }, { file: true }],
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
  ])("tells %s", (_, changes, expected) => {
    const change = kernelspecChange(applied(), inputs(changes));
    expect(change).toMatchObject(expected);
    expect(isChange(change)).toBe(true);
  });

  it.each<[string, Properties]>([
    ["how it is pulled", { pull: { command: ["podman", "pull"], timeout: 1 } }],
    ["how it is tried", { smoke: { enabled: false, code: "", timeout: 1 } }],
    ["who uses it", { usedBy: ["bell-states"] }],
    ["another spelling of the folder", gateway({ specsFolder: "/srv//kernels/" })],
    ["the gateway's address", gateway({ url: "http://127.0.0.1:8888" })],
  ])("minds not %s", (_, changes) => {
    expect(isChange(kernelspecChange(applied(), inputs(changes)))).toBe(false);
  });

  it("holds a kernel that was rolled back, whatever the inputs say, until that is taken back", () => {
    const held = applied({ rollback: true });
    const news = { image: image("c"), displayName: "Other" };
    expect(isChange(kernelspecChange(held, inputs({ ...news, rollback: true })))).toBe(false);
    expect(kernelspecChange(held, inputs(news))).toMatchObject({
      rollback: "forward",
      image: true,
      file: true,
    });
  });

  it("reads an older state's spelling of the folder", () => {
    const { gateway: place, ...rest } = applied().applied;
    const older = { ...applied(), applied: { ...rest, gateway: { ...place, specsFolder: "/srv/kernels/" } } };
    expect(isChange(kernelspecChange(older, inputs()))).toBe(false);
  });

  it("finds what a refresh saw", () => {
    const seen = { ...applied(), drift: ["local: kernel.json is missing"] };
    expect(isChange(kernelspecChange(seen, inputs()))).toBe(true);
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
        expect(isChange(kernelspecChange(applied(news), inputs(news)))).toBe(false);
      }),
    );
  });
});

describe("check", () => {
  const host = { ...processHost(() => undefined), progress: () => {} };
  const failures = async (changes: Properties) =>
    ((await kernelspecProvider.check?.({}, inputs(changes), host))?.failures ?? []).map(
      ({ property }) => property,
    );

  it("is content with good inputs, and with values that are not known yet", async () => {
    expect(await failures({})).toEqual([]);
    expect(await failures({ image: UNKNOWN, displayName: UNKNOWN, gateway: UNKNOWN })).toEqual([]);
  });

  it("tells everything that is wrong at once", async () => {
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
    const body = { backend: { kind: "process-proxy", proxy: "local" } };
    expect(await failures({ language: "julia", body })).toEqual(["body.argv"]);
    expect(await failures({ language: "julia", body: { ...body, argv: ["julia"] } })).toEqual([]);
    expect(await failures({ language: "R", body })).toEqual([]);
  });
});
