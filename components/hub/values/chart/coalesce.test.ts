import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../json.ts";
import type { ChartValues } from "./chart-values.ts";
import { coalesce } from "./coalesce.ts";

const chart = (name: string, values: JsonObject, more: Partial<ChartValues> = {}): ChartValues => ({
  name,
  values,
  file: `${name}/values.yaml`,
  charts: [],
  ...more,
});

describe("a chart's defaults under its user's values", () => {
  it("fill what the user leaves out, at every depth; lists replace", () => {
    const defaults = chart("hub", { a: { x: 1, list: [1, 2] }, b: 2 });
    expect(coalesce(defaults, { a: { list: [3] }, c: 4 })).toEqual({ a: { x: 1, list: [3] }, b: 2, c: 4 });
  });

  it("are taken away by null, at every depth", () => {
    const defaults = chart("hub", { a: { x: { y: 1, z: 2 } }, b: 2, c: { d: 1 } });
    expect(coalesce(defaults, { a: { x: { y: null } }, b: null, c: null })).toEqual({ a: { x: { z: 2 } } });
  });

  it("leave a null that takes nothing away", () => {
    const user = { a: { new: null }, other: null };
    expect(coalesce(chart("hub", { a: { x: 1 } }), user)).toEqual({ a: { x: 1, new: null }, other: null });
  });

  it("that are null are nothing", () => {
    const defaults = chart("hub", { a: null, b: { c: null, d: 1 } });
    expect(coalesce(defaults, {})).toEqual({ b: { d: 1 } });
    expect(coalesce(defaults, { b: { e: 1 } })).toEqual({ b: { d: 1, e: 1 } });
  });

  it("change neither the chart nor the user's values", () => {
    const defaults = chart("hub", { a: { x: 1, n: null } });
    const user = { a: { x: null } };
    coalesce(defaults, user);
    expect([defaults.values, user]).toEqual([{ a: { x: 1, n: null } }, { a: { x: null } }]);
  });
});

describe("a chart in a chart", () => {
  const used = chart("db", { size: 1, port: { number: 5432, name: "db" }, global: { zone: "b" } });

  it("gets its defaults under what its user's chart and the user give", () => {
    const hub = chart("hub", { db: { size: 2 } }, { charts: [used] });
    expect(coalesce(hub, { db: { port: { name: null } } })).toEqual({
      db: { size: 2, port: { number: 5432 }, global: { zone: "b" } },
    });
  });

  it("sees the globals of the charts above it, which win over its own", () => {
    const hub = chart("hub", { global: { zone: "a", domain: "x" } }, { charts: [used] });
    expect(coalesce(hub, {})).toMatchObject({ db: { global: { zone: "a", domain: "x" } } });
  });

  it("must be given a map", () => {
    expect(() => coalesce(chart("hub", {}, { charts: [used] }), { db: null })).toThrow(
      /^db: the values of a chart that this chart uses must be a map/,
    );
  });

  it("is left out where its condition or its tags say so, and goes by its alias", () => {
    const dependencies = [
      { name: "db", alias: "store", condition: "none.of,store.enabled" },
      { name: "db", tags: ["sql"] },
    ];
    const hub = chart("hub", { store: { enabled: true } }, { charts: [used], dependencies });
    expect(Object.keys(coalesce(hub, { tags: { sql: false } }))).toEqual(["tags", "store"]);
    const off = coalesce(hub, { store: { enabled: false } });
    expect(off).toEqual({ store: { enabled: false }, db: expect.objectContaining({ size: 1 }) });
  });

  it("lends values to the chart that imports them", () => {
    const lender = chart("db", { exports: { data: { port: 1, name: "db" } }, inner: { size: 3 } });
    const dependencies = [
      { name: "db", "import-values": ["data", { child: "inner", parent: "store.limits" }] },
    ];
    const hub = chart("hub", { name: "hub" }, { charts: [lender], dependencies });
    expect(coalesce(hub, {})).toMatchObject({ name: "hub", port: 1, store: { limits: { size: 3 } } });
  });
});
