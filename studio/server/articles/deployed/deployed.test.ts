import { expect, it } from "vitest";
import { type DeployedMap, MAP_VERSION, type MapThing, mapSchema } from "../../../../plan/map/map-file.ts";
import { deployedOf } from "./deployed.ts";

const AT = "2026-03-31T09:00:00Z";
const ID = "course/dice";
const stack = (name: string, things: readonly Partial<MapThing>[] | undefined) => ({
  stack: name,
  environment: name,
  ...(things && {
    outputs: { read: AT, things: things.map((thing) => ({ id: "blog/other", kind: "blog", ...thing })) },
  }),
});
const mapOf = (...stacks: readonly object[]): DeployedMap =>
  mapSchema.parse({ version: MAP_VERSION, made: AT, stacks });

it("each stack that has articles has the content of the catalog, another one, or none", () => {
  const map = mapOf(
    stack("staging", [{ id: ID, kind: "course", digest: "sha256:1", since: AT, url: "https://qbook/dice" }]),
    stack("prod", [{ id: ID, kind: "course", digest: "sha256:2", held: { reason: "hold", deployed: true } }]),
    stack("sandbox", [{}]),
    stack("prod-campus", [{ id: "hub/campus/prod", kind: "hub" }]),
    stack("unread", undefined),
  );
  expect(deployedOf(map, ID, "sha256:1")).toEqual([
    { stack: "staging", state: "same", since: AT, url: "https://qbook/dice" },
    { stack: "prod", state: "differs", held: "hold" },
    { stack: "sandbox", state: "none" },
  ]);
});

it("an article with errors differs, and what was held before it was ever deployed is not there", () => {
  const held = { reason: "not proved", deployed: false };
  const map = mapOf(
    stack("staging", [{ id: ID, kind: "course", digest: "sha256:1" }]),
    stack("prod", [{ id: ID, kind: "course", digest: "sha256:1", held }]),
    stack("old", [{ id: ID, kind: "course" }]),
  );
  expect(deployedOf(map, ID, undefined)).toEqual([
    { stack: "staging", state: "differs" },
    { stack: "prod", state: "none", held: "not proved" },
    { stack: "old", state: "unknown" },
  ]);
});

it("an address of a report that would run something is left out", () => {
  const map = mapOf(stack("staging", [{ id: ID, kind: "course", digest: "1", url: "javascript:alert(1)" }]));
  expect(deployedOf(map, ID, "1")).toEqual([{ stack: "staging", state: "same" }]);
});
