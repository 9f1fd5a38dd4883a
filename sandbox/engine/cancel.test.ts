import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { RunEvent } from "../../plan/model.ts";
import { newWorld, urn, type World } from "./fixtures/scenario.ts";

let world: World;
beforeEach(async () => {
  world = await newWorld();
});
afterEach(() => world.remove());

const isUnderWay = (event: RunEvent) => event.type === "step-progress" && /create of a/.test(event.message);

it("finishes what runs and starts nothing else when it is cancelled", { timeout: 240_000 }, async () => {
  const gate = join(world.folder, "gate");
  const cancel = new AbortController();
  const result = await world.run(
    "up",
    [
      { name: "a", props: { wait: gate } },
      { name: "b", from: { value: "a.label" } },
    ],
    {
      signal: cancel.signal,
      async onEvent(event) {
        if (!isUnderWay(event)) return;
        cancel.abort();
        await writeFile(gate, "");
      },
    },
  );
  expect(result).toMatchObject({ ok: false, cancelled: true });
  expect(world.calls()).toEqual(["create a"]);
  const saved = world.state().deployment;
  expect(saved.resources.map((resource) => resource.urn)).toContain(urn("a"));
  expect(saved.pending_operations).toBeUndefined();
  expect(existsSync(`${join(world.stateFolder, "dev.json")}.lock`)).toBe(false);
});

it("ends at once the second time, and the next runs report what was under way", {
  timeout: 240_000,
}, async () => {
  const kill = new AbortController();
  const resources = [{ name: "a", props: { wait: join(world.folder, "never") } }];
  const result = await world.run("up", resources, {
    killSignal: kill.signal,
    onEvent: (event) => isUnderWay(event) && kill.abort(),
  });
  expect(result).toMatchObject({ ok: false, cancelled: true });
  expect(world.calls()).toEqual(["create a"]);
  const pending = world.state().deployment.pending_operations ?? [];
  expect(pending.map(({ type, resource }) => [type, resource.urn])).toEqual([["creating", urn("a")]]);

  const preview = await world.run("preview", resources);
  expect(preview.diagnostics).toEqual([
    {
      severity: "warning",
      urn: urn("a"),
      message: expect.stringMatching(/^\w+ a: an earlier run was interrupted while creating it/),
    },
  ]);
  await world.run("refresh");
  expect(world.state().deployment.pending_operations).toBeUndefined();
});
