import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { newWorld, urn, type World } from "./fixtures/scenario.ts";

let world: World;
beforeEach(async () => {
  world = await newWorld();
});
afterEach(() => world.remove());

it("names everything that a preview finds wrong, in one run, without a call that changes anything", {
  timeout: 240_000,
}, async () => {
  const resources = [
    { name: "a", props: { bad: true, worse: true } },
    { name: "b", from: { value: "a.label" }, props: { bad: true } },
    { name: "c", type: "elsewhere:index:Thing" },
    { name: "e", props: { explode: true } },
  ];
  const result = await world.run("preview", resources);
  expect(result.ok).toBe(false);
  const byUrn = result.diagnostics
    .filter(({ message }) => !message.includes("elsewhere"))
    .toSorted((one, other) => String(one.urn).localeCompare(String(other.urn)));
  expect(byUrn, "each once, though the SDK prints some of it too").toEqual([
    { severity: "error", message: "bad: is bad", urn: urn("a") },
    { severity: "error", message: "worse: is worse", urn: urn("a") },
    { severity: "error", message: "bad: is bad", urn: urn("b") },
    { severity: "error", message: "e went off\nin two lines", urn: urn("e") },
  ]);
  expect(result.diagnostics.map(({ message }) => message).join()).toMatch(
    /elsewhere:index:Thing: the sandbox has no adapter for resources of the package 'elsewhere'/,
  );
  expect(world.calls()).toEqual([]);
  expect(existsSync(world.stateFolder)).toBe(false);
});

it("starts nothing after the first failure, and finishes what runs", { timeout: 240_000 }, async () => {
  const gate = join(world.folder, "gate");
  const result = await world.run(
    "up",
    [
      { name: "slow", props: { wait: gate } },
      { name: "bad", props: { fail: ["create"] } },
      { name: "later", from: { value: "slow.label" } },
    ],
    {
      async onEvent(event) {
        if (event.type === "step-finished" && event.step.error) await writeFile(gate, "");
      },
    },
  );
  expect(result).toMatchObject({ ok: false, summary: { create: 2 } });
  expect(world.calls().sort()).toEqual(["create bad", "create slow"]);
  expect(result.diagnostics).toEqual([{ severity: "error", message: "bad can't be made", urn: urn("bad") }]);
  expect(world.stateText()).toContain(urn("slow"));
});

it("reports an error of the program once, and a user error without its stack trace", {
  timeout: 240_000,
}, async () => {
  const userError = await world.run("up", [{ name: "a" }], { config: { "fixture:throw": "user-error" } });
  expect(userError.diagnostics).toEqual([{ severity: "error", message: "this is wrong. Fix it." }]);
  await world.run("up", [{ name: "a" }]);
  world.calls();
  const bug = await world.run("up", [], { config: { "fixture:throw": "oh no" } });
  expect(bug.diagnostics).toHaveLength(1);
  expect(bug.diagnostics[0]?.message).toMatch(/Error: oh no\n\s+at program/);
  expect(world.calls(), "nothing is deleted after a program that broke off").toEqual([]);
});

it("names what is protected, and how to let go of it", { timeout: 240_000 }, async () => {
  const guarded = (size: number) => [{ name: "k", props: { value: 1, size }, options: { protect: true } }];
  await world.run("up", guarded(1));
  const replaced = await world.run("up", guarded(2));
  const wayOut = `pulumi state unprotect '${urn("k")}'`;
  expect(JSON.stringify(replaced)).toContain("k has to be replaced but is protected");
  expect(JSON.stringify(replaced)).toContain(wayOut);
  const destroyed = await world.run("destroy");
  expect(JSON.stringify(destroyed)).toContain(wayOut);
});

it("drops Node's own warning about a failure that is handled late", { timeout: 240_000 }, async () => {
  const { diagnostics } = await world.run("up", [{ name: "a" }], { config: { "fixture:late": "too late" } });
  const said = diagnostics.map(({ message }) => message).join("\n");
  expect(said).toContain("too late");
  expect(said).not.toMatch(/\(node:\d+\)|--trace-warnings/);
});
