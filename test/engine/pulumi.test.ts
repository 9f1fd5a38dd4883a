import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, test } from "vitest";
import { expectAct } from "../../sandbox/engine/fixtures/expect-act.ts";
import { newWorld, type World } from "../../sandbox/engine/fixtures/scenario.ts";
import { type Act, SCENARIOS } from "../../sandbox/engine/fixtures/scenarios.ts";
import { program } from "../services/require.ts";
import { type Ended, Pulumi } from "./pulumi.ts";

// The same scenarios as on the sandbox's engine, on the real one.
const CLI = program("pulumi", []);
const LANGUAGE_HOST = program("pulumi-language-nodejs", []);
const MINUTES = 60_000;

let world: World;
beforeEach(async () => {
  world = await newWorld();
});
afterEach(() => world.remove());

if (CLI && LANGUAGE_HOST) describe("with the real pulumi", () => scenarios(CLI));
else test.skip("with the real pulumi (skipped: no pulumi on PATH)", () => undefined);

function scenarios(cli: string): void {
  it.each(SCENARIOS)("$name", { timeout: 10 * MINUTES }, async ({ acts }) => {
    const pulumi = await Pulumi.start(cli, join(world.folder, "pulumi"));
    for (const [index, act] of acts.entries()) {
      await pulumi.configure(configuration(act));
      const ended = await pulumi.call(...command(act));
      const said = `act ${index + 1}: ${ended.stdout}\n${ended.stderr}`;
      const outputs = act.outputs ? JSON.parse((await pulumi.call("stack", "output", "--json")).stdout) : {};
      const summary = act.summary ? await summaryOf(pulumi, act, ended) : {};
      expectAct(act, { ok: ended.ok, calls: world.calls(), outputs, summary, said });
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
    const pulumi = await Pulumi.start(cli, join(world.folder, "pulumi"), passphrase);
    await pulumi.configure(configuration({ operation: "up", resources, calls: [] }));
    const imported = await pulumi.call("stack", "import", "--file", join(world.stateFolder, "dev.json"));
    expect(imported.ok, imported.stderr).toBe(true);
    const up = await pulumi.call("up", "--yes", "--skip-preview", "--expect-no-changes");
    expect(up.ok, up.stdout + up.stderr).toBe(true);
    expect(world.calls()).toEqual([]);
  });
}

function configuration({ resources = [] }: Act): Record<string, string> {
  return {
    "fixture:world": join(world.folder, "world"),
    "fixture:resources": JSON.stringify(resources),
  };
}

function command({ operation, continueOnError, targets = [] }: Act): string[] {
  const options = [
    ...(continueOnError ? ["--continue-on-error"] : []),
    ...targets.flatMap((target) => ["--target", target]),
  ];
  return operation === "preview"
    ? ["preview", "--json", ...options]
    : [operation, "--yes", "--skip-preview", ...options];
}

/** The counts as the CLI has them: in a preview's answer, else in the stack's history. */
async function summaryOf(pulumi: Pulumi, act: Act, ended: Ended): Promise<Record<string, number>> {
  if (act.operation === "preview") return JSON.parse(ended.stdout).changeSummary;
  const history = await pulumi.call("stack", "history", "--json", "--page-size", "1");
  return JSON.parse(history.stdout)[0].resourceChanges;
}
