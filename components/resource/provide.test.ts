import { expect, it } from "vitest";
import { z } from "zod";
import { UNKNOWN } from "./contract.ts";
import { provide } from "./provide.ts";
import { PartialFailure, type Provider } from "./provider.ts";
import { testContext } from "./testing/test-context.ts";

const SENTINEL = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const contract = {
  kind: "Lamp",
  inputs: z
    .object({ room: z.string().min(1), watts: z.number().default(40), tags: z.array(z.string()).optional() })
    .refine(({ room, watts }) => room !== "cellar" || watts > 20, {
      path: ["watts"],
      error: "the cellar is dark",
    }),
  state: z.object({ room: z.string(), lit: z.boolean().default(true), note: z.string().optional() }),
};

const seen: unknown[] = [];
const lamp: Provider<typeof contract> = {
  async check(wanted, before) {
    seen.push(["check", wanted, before]);
    return {};
  },
  async diff(state, wanted) {
    seen.push(["diff", state, wanted]);
    if (wanted.room === UNKNOWN) return { change: "update" };
    return state.room === wanted.room
      ? { change: "none" }
      : { change: "replace", because: ["room"], deleteFirst: true };
  },
  async create({ room, watts }) {
    if (watts > 100) throw new PartialFailure("lamp/1", { room, note: undefined }, ["too bright"]);
    return { id: "lamp/1", state: { room, note: undefined } };
  },
  async read(_id, state) {
    return state.room === "garden" ? "gone" : state;
  },
  async update(_id, state) {
    return state;
  },
};
const bound = provide(contract, lamp);
const context = testContext();
const last = () => seen.at(-1);

it("refuses inputs by their schema, and leaves unknown ones for later", async () => {
  const refused = await bound.check({}, { room: "", watts: "x" }, context);
  expect(refused.failures.map(({ property }) => property)).toEqual(["room", "watts"]);
  const unknown = await bound.check({}, { room: SENTINEL, watts: SENTINEL, tags: ["a", SENTINEL] }, context);
  expect(unknown.failures).toEqual([]);
  expect(last()).toEqual(["check", { room: UNKNOWN, watts: UNKNOWN, tags: UNKNOWN }, undefined]);
});

it("applies a rule over several inputs where all of them are known", async () => {
  const refused = await bound.check({}, { room: "cellar", watts: 5 }, context);
  expect(refused.failures).toEqual([{ property: "watts", reason: "the cellar is dark" }]);
});

it("gives the check the inputs of the last deployment, as far as today's schema reads them", async () => {
  const olds = { room: "hall", watts: "forty", gone: 1, __provider: "text" };
  await bound.check(olds, { room: "hall", __provider: "text" }, context);
  expect(last()).toEqual(["check", { room: "hall", watts: 40 }, { room: "hall" }]);
});

it("passes the inputs on to the engine as they were given", async () => {
  const news = { room: "hall", __provider: "text" };
  expect((await bound.check({}, news, context)).inputs).toEqual(news);
});

it("leaves a rule over several inputs for later where one of them is not known", async () => {
  const rule = z
    .object({ room: z.string().min(1), floor: z.string().min(1) })
    .refine(({ room, floor }) => room !== "cellar" || floor === "-1", { path: ["room"], error: "no cellar" });
  const create = async () => ({ id: "lamp/1", state: { room: "cellar" } });
  const cellar = provide({ ...contract, inputs: rule }, { diff: async () => ({ change: "none" }), create });
  expect((await cellar.check({}, { room: "cellar", floor: "2" }, context)).failures).toHaveLength(1);
  expect((await cellar.check({}, { room: "cellar", floor: SENTINEL }, context)).failures).toEqual([]);
  const short = await cellar.check({}, { room: "", floor: SENTINEL }, context);
  expect(short.failures.map(({ property }) => property)).toEqual(["room"]);
});

it("parses kept state, strips what earlier versions kept beside it, and returns what a plan shows", async () => {
  const olds = { room: "hall", watts: 40, parts: {}, __provider: "text" };
  expect(await bound.diff("lamp/1", olds, { room: "hall" }, context)).toEqual({ changes: false });
  expect(last()).toEqual(["diff", { room: "hall", lit: true }, { room: "hall", watts: 40 }]);
  expect(await bound.diff("lamp/1", olds, { room: "attic" }, context)).toEqual({
    changes: true,
    replaces: ["room"],
    deleteBeforeReplace: true,
  });
  expect(await bound.diff("lamp/1", olds, { room: SENTINEL }, context)).toEqual({ changes: true });
});

it("names the field of a state that it can't read", async () => {
  const unreadable = bound.diff("lamp/1", { room: 7 }, { room: "hall" }, context);
  await expect(unreadable).rejects.toThrow(/state of this Lamp can't be read \(room: /);
});

it("leaves undefined out of what the engine keeps, also of what worked in part", async () => {
  const created = await bound.create({ room: "hall" }, context);
  expect(created).toStrictEqual({ id: "lamp/1", outs: { room: "hall" } });
  const partial = await bound.create({ room: "hall", watts: 120 }, context).catch((error: unknown) => error);
  expect(partial).toBeInstanceOf(PartialFailure);
  expect((partial as PartialFailure).properties).toStrictEqual({ room: "hall" });
});

it("leaves undefined out of objects in lists, which the engine's wire has as little", async () => {
  const state = z.object({ seen: z.array(z.object({ room: z.string(), note: z.string().optional() })) });
  const create = async () => ({ id: "lamp/1", state: { seen: [{ room: "hall", note: undefined }] } });
  const listing = provide({ ...contract, state }, { diff: async () => ({ change: "none" }), create });
  expect((await listing.create({ room: "hall" }, context)).outs).toStrictEqual({ seen: [{ room: "hall" }] });
});

it("reads what exists, reports what is gone, and takes an import as it is", async () => {
  expect(await bound.read("lamp/1", { room: "hall" }, context)).toEqual({
    id: "lamp/1",
    props: { room: "hall", lit: true },
  });
  expect(await bound.read("lamp/1", { room: "garden" }, context)).toEqual({ id: "" });
  expect(await bound.read("lamp/1", {}, context)).toEqual({ id: "lamp/1", props: {} });
});

it("finds no drift in what an earlier version kept beside the state", async () => {
  const props = { room: "hall", lit: true, parts: { a: 1 }, __provider: "text" };
  expect(await bound.read("lamp/1", props, context)).toEqual({ id: "lamp/1", props });
});

it("notes each deletion for the rest of the run", async () => {
  await bound.delete("lamp/1", { room: "hall" }, context);
  expect(context.wasDeleted("lamp/1")).toBe(true);
});
