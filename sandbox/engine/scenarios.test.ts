import { afterEach, beforeEach, describe, it } from "vitest";
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
});
