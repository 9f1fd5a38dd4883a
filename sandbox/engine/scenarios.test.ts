import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { expectAct } from "./fixtures/expect-act.ts";
import { newWorld, type World } from "./fixtures/scenario.ts";
import { SCENARIOS } from "./fixtures/scenarios.ts";

let world: World;
beforeEach(async () => {
  world = await newWorld();
});
afterEach(() => world.remove());

describe("the sandbox engine", () => {
  it.each(SCENARIOS)("$name", { timeout: 300_000 }, async ({ acts }) => {
    for (const [index, act] of acts.entries()) {
      const { operation, resources, continueOnError = false, targets = [] } = act;
      const result = await world.run(operation, resources, { continueOnError, targets });
      const said = `act ${index + 1}: ${JSON.stringify(result.diagnostics)}`;
      expectAct(act, { ...result, calls: world.calls(), said });
    }
  });

  it("names the input that requires replacing a dependent first", {
    timeout: 300_000,
  }, async () => {
    const resources = (size?: number) => [
      {
        name: "p",
        props: size === undefined ? {} : { size },
        options: { deleteBeforeReplace: true },
      },
      { name: "q", from: { size: "p.id" } },
    ];
    await world.run("up", resources());
    const { steps } = await world.run("up", resources(7));
    const replaced = steps.filter(({ op }) => op === "replace");
    expect(replaced.map(({ name, replaces }) => [name, replaces])).toEqual([
      ["p", ["size"]],
      ["q", ["size"]],
    ]);
  });
});
