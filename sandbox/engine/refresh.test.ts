import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { newWorld, urn, type World } from "./fixtures/scenario.ts";

let world: World;
beforeEach(async () => {
  world = await newWorld();
});
afterEach(() => world.remove());

it("takes over what changed outside and forgets what is gone, which the next run creates again", {
  timeout: 240_000,
}, async () => {
  const resources = [
    { name: "a", props: { value: 1 } },
    { name: "b", props: { value: 1 } },
    { name: "c", props: { value: 1 }, dependsOn: ["b"] },
  ];
  await world.run("up", resources);
  await writeFile(join(world.folder, "world", "a-0.json"), JSON.stringify({ value: 5, label: "other" }));
  await rm(join(world.folder, "world", "b-0.json"));
  const before = world.stateText();
  const dry = await world.run("refresh", [], { dryRun: true });
  expect(dry.summary).toEqual({ update: 1, delete: 1, refresh: 1 });
  expect(world.stateText()).toBe(before);

  const result = await world.run("refresh");
  expect(result.summary).toEqual({ update: 1, delete: 1, refresh: 1 });
  expect(result.steps.find(({ name }) => name === "a")?.changed.toSorted()).toEqual(["label", "value"]);
  expect(world.stateText()).not.toContain(urn("b"));
  world.calls();
  expect((await world.run("up", resources)).summary).toEqual({ create: 1, same: 3 });
  expect(world.calls()).toEqual(["create b"]);
});
