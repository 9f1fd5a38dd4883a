import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ignoreChanges } from "../step/ignore-changes.ts";
import { createUrn, formerUrns, nameOf, typeOf } from "./urn.ts";
import {
  changedPaths,
  containsSecret,
  keepSecrets,
  type PropertyMap,
  reveal,
  SIGNATURE,
  secret,
} from "./values.ts";

const json = fc
  .dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }))
  .filter((map) => !("__proto__" in map)) as fc.Arbitrary<PropertyMap>;

describe("secrets", () => {
  it("are revealed without a trace, wherever they are", () => {
    fc.assert(
      fc.property(json, json, (plain, other) => {
        const marked = { a: secret(plain), b: [secret({ c: secret(other) })], d: other };
        expect(reveal(marked)).toEqual({ a: plain, b: [{ c: other }], d: other });
        expect(JSON.stringify(reveal(marked))).not.toContain(SIGNATURE);
      }),
    );
  });

  it("come back where they went in", () => {
    const inputs = { key: secret("k"), nested: { token: secret("t"), open: 1 }, list: [secret(1), 2] };
    const kept = keepSecrets({ ...reveal(inputs), other: "o" }, inputs);
    expect(kept).toEqual({ ...inputs, other: "o" });
    expect(containsSecret(kept["other"] ?? null)).toBe(false);
  });
});

describe("changed paths", () => {
  it("are none exactly for equal values", () => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        expect(changedPaths(a, structuredClone(a))).toEqual([]);
        const same = JSON.stringify(a) === JSON.stringify(b);
        if (same) expect(changedPaths(a, b)).toEqual([]);
      }),
    );
  });

  it("are written as Pulumi writes them", () => {
    const before = { title: "a", parts: { x: 1, "image bell.png": 1 }, list: [1, 2], __provider: "old" };
    const after = { title: "b", parts: { x: 1, "image bell.png": 2 }, list: [1, 3, 4], __provider: "new" };
    expect(changedPaths(before, after)).toEqual(["title", 'parts["image bell.png"]', "list[1]", "list[2]"]);
  });
});

describe("ignoreChanges", () => {
  it("`*` holds everything, whatever is wanted", () => {
    fc.assert(
      fc.property(json, json, (news, olds) => {
        expect(ignoreChanges(news, olds, ["*"])).toEqual(olds);
      }),
    );
  });

  it("holds what is named and lets the rest through", () => {
    const olds = { a: 1, labels: { x: "1", y: "1" }, items: [{ name: "o", size: 1 }], gone: 1 };
    const news = { a: 2, labels: { x: "2", y: "2" }, items: [{ name: "n", size: 2 }], added: 1 };
    const paths = ["a", 'labels["x"]', "items[*].name", "added", "gone", "not.there"];
    expect(ignoreChanges(news, olds, paths)).toEqual({
      a: 1,
      labels: { x: "1", y: "2" },
      items: [{ name: "o", size: 2 }],
      gone: 1,
    });
  });
});

describe("identities", () => {
  it("have the types of the parents but not the stack's", () => {
    const stack = createUrn("dev", "p", "", "pulumi:pulumi:Stack", "p-dev");
    const group = createUrn("dev", "p", stack, "a:b:Group", "g");
    const child = createUrn("dev", "p", group, "a:b:Thing", "x::y");
    expect(child).toBe("urn:pulumi:dev::p::a:b:Group$a:b:Thing::x::y");
    expect([typeOf(child), nameOf(child)]).toEqual(["a:b:Thing", "x::y"]);
  });

  it("follow a parent that was renamed", () => {
    const parent = createUrn("dev", "p", "", "a:b:Group", "new");
    const former = createUrn("dev", "p", "", "a:b:Group", "old");
    const now = { stack: "dev", project: "p", parent, type: "a:b:Thing", name: "new-x" };
    const urns = formerUrns(now, [{ name: "new-y" }], (urn) => (urn === parent ? former : undefined));
    expect(urns.map(nameOf)).toEqual(["new-y", "old-x", "old-y"]);
  });
});
