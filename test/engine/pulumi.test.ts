import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { expectAct } from "../../sandbox/engine/fixtures/expect-act.ts";
import { newWorld, PROJECT_ROOT, type World } from "../../sandbox/engine/fixtures/scenario.ts";
import { type Act, SCENARIOS } from "../../sandbox/engine/fixtures/scenarios.ts";
import { requireService } from "../services/require.ts";
import { lineOf } from "./comparison.ts";
import { findPulumi } from "./programs.ts";
import { Pulumi } from "./pulumi.ts";

// The same scenarios as on the sandbox's engine, on the real one.
const MINUTES = 60_000;
const STACK = "dev";

let world: World;
/** Where the sandbox does the same. */
let twin: World;
beforeEach(async () => {
  world = await newWorld();
  twin = await newWorld();
});
afterEach(async () => {
  await world.remove();
  await twin.remove();
});

requireService("the real Pulumi", findPulumi, (cli) => {
  const start = async (passphrase?: string) => {
    const pulumi = new Pulumi({
      cli,
      folder: join(world.folder, "pulumi"),
      root: PROJECT_ROOT,
      ...(passphrase ? { passphrase } : {}),
    });
    await pulumi.init(STACK);
    return pulumi;
  };

  it.each(SCENARIOS)("$name", { timeout: 10 * MINUTES }, async ({ acts }) => {
    const pulumi = await start();
    for (const [index, act] of acts.entries()) {
      await pulumi.configure(STACK, configuration(act));
      const ended = await pulumi.run(act.operation, STACK, ...optionsOf(act));
      const said = `act ${index + 1}: ${ended.stdout}\n${ended.stderr}`;
      const outputs = act.outputs ? await pulumi.outputs(STACK) : {};
      expectAct(act, { ok: ended.ok, calls: world.calls(), outputs, summary: ended.summary, said });
      const { operation, resources, continueOnError = false, targets = [] } = act;
      const inSandbox = await twin.run(operation, resources, { continueOnError, targets });
      expect(stepsOf(act, ended.steps), said).toEqual(stepsOf(act, inSandbox.steps));
    }
  });

  it("takes over the sandbox's state and finds nothing to do", { timeout: 5 * MINUTES }, async () => {
    const resources = [
      { name: "g", component: true },
      { name: "a", props: { value: 1 }, parent: "g" },
      { name: "b", from: { value: "a.label" }, secret: { key: "canary" } },
    ];
    const passphrase = "a passphrase of both";
    await world.run("up", resources, { passphrase });
    world.calls();
    const pulumi = await start(passphrase);
    await pulumi.configure(STACK, configuration({ operation: "up", resources, calls: [] }));
    await pulumi.import(STACK, join(world.stateFolder, "dev.json"));
    const up = await pulumi.run("up", STACK, "--expect-no-changes");
    expect(up.ok, up.stdout + up.stderr).toBe(true);
    expect(world.calls()).toEqual([]);
  });
});

/** A failed act says nothing of what an engine still begins, and the sandbox leaves out what is no target. */
function stepsOf(
  { ok = true, summary, targets }: Act,
  steps: readonly Parameters<typeof lineOf>[0][],
): string[] {
  if (!ok && !summary) return [];
  return steps
    .filter(({ op }) => !targets || op !== "same")
    .map(lineOf)
    .sort();
}

function configuration({ resources = [] }: Act): Record<string, string> {
  return {
    "lectern:world": join(world.folder, "world"),
    "fixture:resources": JSON.stringify(resources),
  };
}

function optionsOf({ continueOnError, targets = [] }: Act): string[] {
  return [
    ...(continueOnError ? ["--continue-on-error"] : []),
    ...targets.flatMap((target) => ["--target", target]),
  ];
}
