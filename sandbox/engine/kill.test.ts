import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { newWorld, urn, type World } from "./fixtures/scenario.ts";

let world: World;
beforeEach(async () => {
  world = await newWorld();
});
afterEach(() => world.remove());

it("comes back after the whole run was killed during a create", { timeout: 240_000 }, async () => {
  const never = join(world.folder, "never");
  const resources = [
    { name: "first" },
    { name: "a", from: { value: "first.label" }, props: { wait: never } },
  ];
  const script = join(import.meta.dirname, "fixtures", "run-once.ts");
  const child = spawn(process.execPath, [script, world.folder, JSON.stringify(resources)], {
    stdio: "ignore",
  });
  await vi.waitUntil(() => world.calls().includes("create a"), { timeout: 50_000, interval: 20 });
  const provider = Number(readFileSync(join(world.folder, "world", "pid"), "utf8"));
  child.kill("SIGKILL");
  await vi.waitUntil(() => !isAlive(provider), { timeout: 20_000, interval: 20 });

  const saved = world.state().deployment;
  expect(saved.resources.map((resource) => resource.urn)).toContain(urn("first"));
  expect(saved.pending_operations?.map(({ resource }) => resource.urn)).toEqual([urn("a")]);
  expect(
    existsSync(join(world.stateFolder, "dev.json.lock")),
    "the lock of the dead run is still there",
  ).toBe(true);

  const [first] = resources;
  const next = await world.run("up", first ? [first, { name: "a", from: { value: "first.label" } }] : []);
  expect(next).toMatchObject({ ok: true, summary: { create: 1, same: 2 } });
  expect(next.diagnostics).toMatchObject([{ severity: "warning", urn: urn("a") }]);
  expect(world.state().deployment.pending_operations, "the create settles it").toBeUndefined();
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
