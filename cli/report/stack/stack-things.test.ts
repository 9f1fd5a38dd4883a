import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CANARY, DEPLOYED, DIGEST, OTHER, OUTPUTS, SECRET, SINCE, stateWith } from "../testing/state.ts";
import { parseState } from "./stack-state.ts";
import { thingsOf } from "./stack-things.ts";

const read = (outputs: object = OUTPUTS) => {
  const state = parseState(JSON.parse(JSON.stringify(stateWith(outputs))));
  if (!state) throw new Error("the state was not parsed");
  return { state, ...thingsOf("prod", state) };
};

describe("what a stack has", () => {
  it("is told by its outputs, and since when by its state", () => {
    const { things, state } = read();
    expect(state.deployed).toBe(DEPLOYED);
    const by = (id: string) => things.find((thing) => thing.id === id);
    expect(things.map(({ id }) => id)).toEqual([
      ...["course/bell", "blog/dice", "blog/old", "kernel/new", "kernel/python"],
      ...["images/campus/lab", "image/lab", "hub/campus/idle", "hub/campus/prod", "support/campus"],
    ]);
    expect(by("course/bell")).toEqual({
      ...{ id: "course/bell", kind: "course", title: "Bell states", url: "https://qbook.example/bell" },
      ...{ digest: DIGEST, uses: ["Python 3"], since: SINCE },
      held: { reason: "staging has not processed it yet", deployed: true },
    });
    expect(by("kernel/python")).toMatchObject({
      image: "docker.io/lectern/python",
      digest: DIGEST,
      since: SINCE,
    });
    expect(by("kernel/new")).toEqual({
      ...{ id: "kernel/new", kind: "kernel", uses: [] },
      held: { reason: "staging has not deployed it yet", deployed: false },
    });
    expect(by("hub/campus/prod")).toMatchObject({
      ...{ version: "hub 0.1.0", healthy: false, since: "2026-11-28T00:00:00.000Z", uses: ["lab 0123"] },
      override: { reason: "CVE-2026-1", until: "2026-12-24" },
    });
    expect(by("support/campus")).toMatchObject({ version: "support 0.1.0", since: SINCE });
  });

  it("is, of a course, also what opens it on hubs, of the web alone", () => {
    const url = "https://hub.example.org/hub/user-redirect/git-pull?repo=x";
    const courseLinks = {
      "course/bell": { "campus/prod": url, "campus/bad": "javascript:x" },
      "course/gone": { a: url },
    };
    const { things } = read({ ...OUTPUTS, courseLinks });
    expect(things.find(({ id }) => id === "course/bell")?.links).toEqual([{ hub: "campus/prod", url }]);
    expect(things.map(({ id }) => id)).not.toContain("course/gone");
  });

  it("is, of recommended images, what the moving tag names", () => {
    expect(read().things.find(({ kind }) => kind === "images")).toMatchObject({
      ...{ version: "w_2026_09", digest: OTHER, since: SINCE, uses: ["Weekly 2026_10"] },
    });
    const { aliases: _, ...without } = OUTPUTS;
    expect(read(without).things.find(({ kind }) => kind === "images")).toMatchObject({
      version: "w_2026_10",
    });
  });

  it("has no date where neither outputs nor state tell one", () => {
    expect(read().things.find(({ id }) => id === "blog/dice")).not.toHaveProperty("since");
  });

  it("is not called healthy where nothing was checked", () => {
    const idle = read().things.find(({ id }) => id === "hub/campus/idle");
    expect(idle).not.toHaveProperty("healthy");
    expect(idle).toMatchObject({ outside: "retired", since: SINCE });
  });

  it("links to the web alone, without a user and password", () => {
    const urls = read().things.map(({ url }) => url);
    expect(urls.filter((url) => url !== undefined)).toEqual([
      ...["https://qbook.example/bell", "https://qbook.example/old", "https://hub.example"],
    ]);
  });

  it("has a digest of a hub that differs where one of its parts does", () => {
    const digest = (parts: object) =>
      read({ hubs: { "a/b": { parts } } }).things.find(({ kind }) => kind === "hub")?.digest;
    expect(digest({ a: "1", b: "2" })).toBe(digest({ b: "2", a: "1" }));
    expect(digest({ a: "1", b: "3" })).not.toBe(digest({ a: "1", b: "2" }));
  });

  it("is known by name where an output can't be parsed, which is reported", () => {
    const { things, problems } = read({ kernels: { python: { image: 3 } } });
    expect(things).toEqual([{ id: "kernel/python", kind: "kernel", uses: [], since: SINCE }]);
    expect(problems.join()).toContain("kernels.python");
  });
});

describe("a secret", () => {
  it("is in nothing that is read, and its place is reported", () => {
    const { state, things, problems } = read();
    expect(problems).toEqual(["the output hubs.campus/idle.url of the stack prod is secret, and not shown"]);
    expect(JSON.stringify([state, [...state.changed], things])).not.toContain(CANARY);
  });

  it("is in nothing that is read, wherever an output has it", () => {
    const places = fc.constantFrom(...pathsIn(OUTPUTS));
    fc.assert(
      fc.property(fc.array(places, { maxLength: 5 }), (paths) => {
        const outputs = paths.reduce((all, path) => replaced(all, path), JSON.parse(JSON.stringify(OUTPUTS)));
        const { state, things, problems } = read(outputs);
        expect(JSON.stringify([state, [...state.changed], things, problems])).not.toContain(CANARY);
      }),
    );
  });
});

function pathsIn(value: unknown, path: string[] = []): string[][] {
  const own = path.length > 0 ? [path] : [];
  if (typeof value !== "object" || value === null) return own;
  return [...own, ...Object.entries(value).flatMap(([key, one]) => pathsIn(one, [...path, key]))];
}

/** The value with a secret at the path; one that is there no more stays. */
function replaced(value: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined) return SECRET;
  if (typeof value !== "object" || value === null || !(key in value)) return value;
  const copy = (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>;
  copy[key] = replaced(copy[key], rest);
  return copy;
}
