import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hubDatabaseOf, hubVersionOf, jupyterHubMove, rollbackRefusal } from "./jupyterhub-move.ts";

describe("JupyterHub moves", () => {
  it.each([
    ["with the chart's version of it", { appVersion: "5.3.0" }, { appVersion: "5.5.0" }, true],
    ["not with a chart that keeps it", { appVersion: "5.5.0" }, { appVersion: "5.5.0" }, false],
    ["with another image of the operator's", { image: "hub:1" }, { image: "hub:2" }, true],
    [
      "from the chart's image to the operator's",
      { appVersion: "5.5.0" },
      { appVersion: "5.5.0", image: "hub:1" },
      true,
    ],
    [
      "not where the operator's image stays, whatever the chart",
      { appVersion: "5.3.0", image: "hub:1" },
      { appVersion: "5.5.0", image: "hub:1" },
      false,
    ],
    ["where nothing is known", {}, {}, true],
  ])("%s", (_what, before, after, moves) => {
    expect(jupyterHubMove(before, after) !== undefined).toBe(moves);
  });

  it("back where it moves forth, and never to itself", () => {
    const text = fc.option(fc.constantFrom("1", "2", "3"), { nil: undefined });
    const version = fc.record({ appVersion: text, image: text });
    fc.assert(
      fc.property(version, version, (one, other) => {
        expect(jupyterHubMove(one, other) === undefined).toBe(jupyterHubMove(other, one) === undefined);
        const isKnown = one.appVersion !== undefined || one.image !== undefined;
        expect(jupyterHubMove(one, one) === undefined).toBe(isKnown);
      }),
    );
  });

  it("from a name to a name that people know", () => {
    expect(jupyterHubMove({ appVersion: "5.3.0" }, { image: "example.org/hub:2" })).toEqual({
      from: "JupyterHub 5.3.0",
      to: "example.org/hub:2",
    });
  });
});

describe("the values tell", () => {
  const image = { name: "example.org/hub", tag: "2" };

  it.each([
    [{ hub: { image } }, "example.org/hub:2"],
    [{ jupyterhub: { hub: { image } } }, "example.org/hub:2"],
    [{ hub: { image: { tag: 2 } } }, ":2"],
    [{ hub: { config: {} } }, undefined],
    [{}, undefined],
  ])("the image: %j", (values, expected) => {
    expect(hubVersionOf("5.5.0", values)).toEqual({ appVersion: "5.5.0", image: expected });
  });

  it.each([
    [{}, "sqlite-pvc"],
    [{ hub: { db: { type: "sqlite-memory" } } }, "sqlite-memory"],
    [{ jupyterhub: { hub: { db: { type: "postgres" } } } }, "other"],
  ])("the database: %j", (values, expected) => {
    expect(hubDatabaseOf(values)).toBe(expected);
  });
});

describe("a rollback across a move", () => {
  const rollback = {
    hub: "campus/prod",
    running: { appVersion: "5.5.0" },
    target: { appVersion: "5.3.0" },
    database: "sqlite-pvc",
    restored: false,
  } as const;

  it("is refused until the database is restored", () => {
    expect(rollbackRefusal(rollback)?.message).toBe(
      "the hub campus/prod can't be rolled back from JupyterHub 5.5.0 to JupyterHub 5.3.0: its database may have been migrated since",
    );
    expect(rollbackRefusal({ ...rollback, restored: true })).toBeUndefined();
  });

  it("is free where there is no move, or no database to go back", () => {
    expect(rollbackRefusal({ ...rollback, target: rollback.running })).toBeUndefined();
    expect(rollbackRefusal({ ...rollback, database: "sqlite-memory" })).toBeUndefined();
  });
});
