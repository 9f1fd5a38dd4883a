import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { differences } from "./differences.ts";
import { type FieldPath, pathText } from "./field-path.ts";

const KEYS: ReadonlyMap<string, readonly string[]> = new Map([
  ["containers", ["name"]],
  ["env", ["name"]],
  ["ports", ["containerPort", "protocol"]],
]);
const keysAt = (path: FieldPath) => KEYS.get(String(path.at(-1)));
const between = (expected: unknown, actual: unknown) =>
  differences(expected, actual, keysAt).map(({ kind, path }) => `${kind} ${pathText(path)}`);

const json = fc.jsonValue({ maxDepth: 4 });
const object = fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), json, { maxKeys: 5 });

describe("the differences between a manifest and an object", () => {
  it("are none between an object and itself, nor where an object has more fields", () => {
    fc.assert(
      fc.property(object, object, (expected, more) => {
        expect(between(expected, expected)).toEqual([]);
        expect(between(expected, { ...more, ...expected })).toEqual([]);
      }),
    );
  });

  it("name each field that has another value, and each that is missing", () => {
    fc.assert(
      fc.property(object, fc.stringMatching(/^[A-Z]{3,6}$/), (rest, key) => {
        expect(between({ ...rest, [key]: "set" }, { ...rest, [key]: "edited" })).toEqual([`changed ${key}`]);
        expect(between({ ...rest, [key]: "set" }, rest)).toEqual([`removed ${key}`]);
      }),
    );
  });

  it("do not depend on the order of items that have names", () => {
    const items = fc.uniqueArray(fc.record({ name: fc.string({ minLength: 1 }), value: fc.string() }), {
      selector: ({ name }) => name,
      minLength: 1,
    });
    fc.assert(
      fc.property(items, (env) => {
        expect(between({ env }, { env: env.toReversed() })).toEqual([]);
      }),
    );
  });

  it("name an item by its keys, also by those that the API fills in", () => {
    const expected = { containers: [{ name: "hub", ports: [{ containerPort: 80, name: "web" }] }] };
    const actual = {
      containers: [
        { name: "added" },
        {
          name: "hub",
          ports: [
            { containerPort: 80, protocol: "UDP" },
            { containerPort: 80, protocol: "TCP" },
          ],
        },
      ],
    };
    expect(between(expected, actual)).toEqual(["removed containers[hub].ports[80/TCP].name"]);
    expect(between(expected, { containers: [] })).toEqual(["removed containers[hub]"]);
  });

  it("are none for what the API leaves out or writes otherwise", () => {
    const expected = {
      replicas: null,
      annotations: {},
      hostNetwork: false,
      resources: { limits: { cpu: "1000m", memory: "1024Mi" }, requests: {} },
      env: [{ name: "A", value: "" }],
    };
    const actual = { resources: { limits: { cpu: "1", memory: "1Gi" } }, env: [{ name: "A" }] };
    expect(between(expected, actual)).toEqual([]);
  });

  it("are none for a number that the API keeps as text, but in data", () => {
    expect(between({ spec: { port: "80" } }, { spec: { port: 80 } })).toEqual([]);
    expect(between({ data: { port: "80" } }, { data: { port: "81" } })).toEqual(["changed data.port"]);
    expect(between({ data: { empty: "", x: "1" } }, { data: { x: "1" } })).toEqual(["removed data.empty"]);
  });

  it("name a list that is one value as a whole, and let the API complete its items", () => {
    expect(between({ args: ["a", "b"] }, { args: ["b", "a"] })).toEqual(["changed args"]);
    expect(between({ args: ["a"] }, { args: ["a", "b"] })).toEqual(["changed args"]);
    const rules = { rules: [{ port: 80 }, { port: 81 }] };
    expect(between(rules, { rules: [{ port: 80, protocol: "TCP" }, { port: 81 }] })).toEqual([]);
  });
});
