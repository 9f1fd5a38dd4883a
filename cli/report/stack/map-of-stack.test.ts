import { describe, expect, it } from "vitest";
import type { MapDeployment, MapStack } from "../../../plan/map/map-file.ts";
import { CANARY, DIGEST, OTHER, stateWith } from "../testing/state.ts";
import { mapOfStack } from "./map-of-stack.ts";
import { parseHistory } from "./stack-history.ts";
import { parseState } from "./stack-state.ts";

const at = (hour: number) => `2026-11-30T${String(hour).padStart(2, "0")}:00:00.000Z`;
/** Articles without a resource of their own, so that their dates are told by nothing else. */
const outputs = (fingerprints: Readonly<Record<string, string>>) => ({
  articles: Object.fromEntries(
    Object.entries(fingerprints).map(([name, fingerprint]) => [
      `course/${name}`,
      { title: name, fingerprint },
    ]),
  ),
});
const update = (hour: number, counts: object = { update: 1 }): MapDeployment => ({
  ...{ at: at(hour), kind: "update", result: "succeeded", counts: { ...counts }, changes: [] },
});

function mapped(
  hour: number,
  fingerprints: Readonly<Record<string, string>>,
  {
    history = [],
    complete = false,
    earlier,
  }: { history?: MapDeployment[]; complete?: boolean; earlier?: MapStack } = {},
) {
  const state = parseState(stateWith(outputs(fingerprints)));
  if (!state) throw new Error("the state was not parsed");
  return mapOfStack({ stack: "prod", environment: "prod", at: at(hour), state, history, complete }, earlier);
}
const since = ({ outputs }: MapStack, id: string) => outputs?.things.find((thing) => thing.id === id)?.since;

describe("since when a thing is as it is, where its state does not tell", () => {
  it("is unknown where nothing tells", () => {
    expect(since(mapped(9, { a: DIGEST }), "course/a")).toBeUndefined();
  });

  it("is when the only deployment that changed something ended", () => {
    const history = [update(5, { same: 9 }), update(3)];
    expect(since(mapped(9, { a: DIGEST }, { history, complete: true }), "course/a")).toBe(at(3));
    // There may have been others before.
    expect(since(mapped(9, { a: DIGEST }, { history }), "course/a")).toBeUndefined();
    const two = [update(5), update(3)];
    expect(since(mapped(9, { a: DIGEST }, { history: two, complete: true }), "course/a")).toBeUndefined();
  });

  it("is what an earlier report says of the same version, and what is unknown stays unknown", () => {
    const first = mapped(4, { a: DIGEST }, { history: [update(3)], complete: true });
    const later = { history: [update(6), update(3)], complete: true, earlier: first };
    expect(since(mapped(7, { a: DIGEST }, later), "course/a")).toBe(at(3));
    const unknown = mapped(4, { a: DIGEST });
    expect(since(mapped(7, { a: DIGEST }, { ...later, earlier: unknown }), "course/a")).toBeUndefined();
  });

  it("is when the only deployment since the earlier report ended, where it changed", () => {
    const earlier = mapped(4, { a: DIGEST });
    const one = { history: [update(6), update(3)], earlier };
    expect(since(mapped(7, { a: OTHER }, one), "course/a")).toBe(at(6));
    const two = { history: [update(6), update(5), update(3)], earlier };
    expect(since(mapped(7, { a: OTHER }, two), "course/a")).toBeUndefined();
  });
});

describe("what changed since an earlier report", () => {
  const earlier = mapped(4, { a: DIGEST, gone: DIGEST });
  const changes = [
    { id: "course/a", label: "course a", change: "updated", title: "a", before: DIGEST, after: OTHER },
    { id: "course/b", label: "course b", change: "created", title: "b", after: OTHER },
    { id: "course/gone", label: "course gone", change: "removed", title: "gone", before: DIGEST },
  ];

  it("is told with the only deployment between them", () => {
    const history = [update(6), update(3)];
    const map = mapped(7, { a: OTHER, b: OTHER }, { history, earlier });
    expect(map.history).toEqual([{ ...update(6), changes }, update(3)]);
  });

  it("is told for itself where it is not known which deployment it was", () => {
    expect(mapped(12, { a: OTHER, b: OTHER }, { earlier }).history).toEqual([
      { at: at(10), begun: at(4), kind: "changes", changes },
    ]);
    expect(mapped(12, { a: DIGEST, gone: DIGEST }, { earlier }).history).toEqual([]);
  });
});

it("a history has when and how deployments ended, and nothing that people wrote into it", () => {
  const commit = "3e1a9d4c".repeat(5);
  const history = [
    {
      kind: "update",
      startTime: "2026-11-30T06:00:00.000Z",
      endTime: "1970-01-01T00:00:00.000Z",
      result: "in-progress",
    },
    {
      ...{ version: 0, kind: "update", message: CANARY, result: "succeeded" },
      ...{ startTime: "2026-11-30T05:00:00.000Z", endTime: "2026-11-30T05:01:00.000Z" },
      environment: { "git.head": commit, "git.author": CANARY },
      config: { "lectern:token": { value: CANARY, secret: false } },
      resourceChanges: { create: 1, same: 2 },
    },
    { kind: "refresh", endTime: "2026-11-30T04:00:00.000Z", environment: { "git.head": CANARY } },
    "no update",
  ];
  expect(parseHistory(history)).toEqual([
    {
      ...{
        at: "2026-11-30T05:01:00.000Z",
        begun: "2026-11-30T05:00:00.000Z",
        kind: "update",
        result: "succeeded",
      },
      ...{ counts: { create: 1, same: 2 }, commit, changes: [] },
    },
    { at: "2026-11-30T04:00:00.000Z", kind: "refresh", changes: [] },
  ]);
  expect(parseHistory(undefined)).toEqual([]);
});
