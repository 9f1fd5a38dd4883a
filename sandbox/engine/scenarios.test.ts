import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { newWorld, type World } from "./fixtures/scenario.ts";
import { type Act, comeInOrder, SCENARIOS } from "./fixtures/scenarios.ts";

let world: World;
beforeEach(async () => {
  world = await newWorld();
});
afterEach(() => world.remove());

describe("the sandbox engine", () => {
  it.each(SCENARIOS)("$name", async ({ acts }) => {
    for (const [index, act] of acts.entries()) await play(act, `act ${index + 1}`);
  });
});

async function play(act: Act, name: string): Promise<void> {
  const { operation, resources, continueOnError = false, targets = [] } = act;
  const result = await world.run(operation, resources, { continueOnError, targets });
  const calls = world.calls();
  const said = `${name}: ${JSON.stringify(result.diagnostics)}`;
  expect(result.ok, said).toBe(act.ok ?? true);
  expect(calls.toSorted(), said).toEqual([...act.calls].sort());
  for (const order of act.inOrder ?? []) {
    expect(calls, said).toSatisfy((all: string[]) => comeInOrder(all, order));
  }
  if (act.summary) expect(result.summary, said).toEqual(act.summary);
  if (act.outputs) expect(result.outputs, said).toEqual(act.outputs);
}
