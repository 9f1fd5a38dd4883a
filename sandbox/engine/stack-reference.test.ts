import { afterEach, beforeEach, expect, it } from "vitest";
import { newWorld, type World } from "./fixtures/scenario.ts";

let world: World;
beforeEach(async () => {
  world = await newWorld();
});
afterEach(() => world.remove());

it("reads the last outputs of other stacks and of itself", { timeout: 240_000 }, async () => {
  await world.run("up", [{ name: "a", props: { value: 1 } }], { stack: "staging" });
  const references = (...names: string[]) => ({
    stack: "prod",
    config: { "fixture:references": JSON.stringify(names) },
  });
  const resources = [{ name: "b", props: { value: 2 } }];
  const first = await world.run("up", resources, references("staging", "prod"));
  expect(first.outputs).toEqual({ b: "b=2", "of staging": { a: "a=1" }, "of prod": {} });

  const second = await world.run("up", [{ name: "b", props: { value: 3 } }], references("staging", "prod"));
  expect(second.outputs["b"]).toBe("b=3");
  expect(second.outputs["of prod"]).toEqual(first.outputs);

  const without = await world.run("up", [{ name: "b", props: { value: 3 } }], references());
  expect(without.summary, "a reference is forgotten, not deleted").toEqual({ same: 2 });
  const missing = await world.run("preview", [], references("nowhere"));
  expect(missing.diagnostics.map(({ message }) => message)).toEqual([
    "there is no state of the stack nowhere yet",
  ]);
});
