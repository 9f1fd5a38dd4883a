import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { additions, fieldsBeyond } from "./additions.ts";
import { type FieldPath, pathText } from "./field-path.ts";

const keysAt = (path: FieldPath) => (path.at(-1) === "env" ? ["name"] : undefined);
const beyond = (newer: unknown, older: unknown) => fieldsBeyond(newer, older, keysAt).map(pathText);
const json = fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 4 });

describe("what somebody added to an object", () => {
  const added = (
    fields: Record<string, unknown>,
    expected: Record<string, unknown>,
    actual: Record<string, unknown>,
  ) => additions(fields, expected, actual).map(pathText);

  it("is named at its outermost field", () => {
    const fields = { "f:spec": { "f:probe": { ".": {}, "f:path": {}, "f:port": {} }, "f:replicas": {} } };
    const actual = { spec: { probe: { path: "/", port: 80 }, replicas: 3 } };
    expect(added(fields, { spec: { replicas: 1 } }, actual)).toEqual(["spec.probe"]);
  });

  it("is an item of a list by its key, and what was added to an item that was there", () => {
    const fields = {
      "f:env": { 'k:{"name":"A"}': { "f:value": {} }, 'k:{"name":"B"}': { ".": {}, "f:name": {} } },
    };
    const actual = { env: [{ name: "A", value: "1" }, { name: "B" }] };
    expect(added(fields, { env: [{ name: "A" }] }, actual)).toEqual(["env[A].value", "env[B]"]);
  });

  it("is nothing that labels, annotates or is gone again", () => {
    const annotations = { "f:metadata": { "f:annotations": { "f:kubectl.kubernetes.io/restartedAt": {} } } };
    const fields = {
      ...annotations,
      "f:spec": { "f:template": annotations, "f:x": {} },
      "f:status": { "f:y": {} },
    };
    const metadata = { annotations: { "kubectl.kubernetes.io/restartedAt": "now" } };
    const actual = { metadata, spec: { template: { metadata } }, status: { y: 1 } };
    expect(added(fields, { spec: { template: { metadata: {} } } }, actual)).toEqual([]);
  });
});

describe("what one manifest has and another has not", () => {
  it("is nothing of itself, nor of one that has more", () => {
    fc.assert(
      fc.property(json, json, (one, more) => {
        expect(beyond(one, one)).toEqual([]);
        expect(beyond(one, { ...more, ...one })).toEqual([]);
      }),
    );
  });

  it("is each key that only the first one has", () => {
    fc.assert(
      fc.property(json, fc.stringMatching(/^[A-Z]{2,5}$/), (one, key) => {
        expect(beyond({ ...one, [key]: { x: 1 } }, one)).toEqual([key]);
      }),
    );
  });

  it("is single labels and annotations, as others have theirs beside them", () => {
    const newer = { metadata: { annotations: { checksum: "1" } }, env: [{ name: "A" }, { name: "B" }] };
    expect(beyond(newer, { metadata: {}, env: [{ name: "A" }] })).toEqual([
      "metadata.annotations.checksum",
      "env[B]",
    ]);
  });
});
