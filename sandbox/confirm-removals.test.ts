import { expect, it } from "vitest";
import { refuseMassRemoval } from "../stacks/removals/removals.ts";
import { withConfirmed } from "./configuration.ts";
import { confirmRemovals } from "./confirm-removals.ts";
import type { SandboxOptions } from "./options.ts";

const IDS = ["course/a", "course/b"];
const OPTIONS: SandboxOptions = {
  command: "up",
  engine: "sandbox",
  stack: "sandbox",
  state: ".lectern",
  config: ["titlePrefix=Draft"],
  parallel: 16,
  target: [],
};

/** What a run is refused with that would remove both articles of a stack. */
function refusal(): string {
  try {
    refuseMassRemoval([{ what: "articles", deployed: IDS, wanted: [] }], new Set());
    throw new Error("it was not refused");
  } catch (error) {
    return String(error);
  }
}

const report = (message: string) => ({ diagnostics: [{ severity: "error" as const, message }] });
const asked: string[] = [];
const terminal = (answer: string, interactive = true) => ({
  interactive,
  ask: async (question: string) => {
    asked.push(question);
    return answer;
  },
});

it("names what would go, and confirms it at the word of a person", async () => {
  expect(await confirmRemovals(report(refusal()), OPTIONS, terminal("y"))).toEqual({
    ...OPTIONS,
    confirmed: ["course/a", "course/b"],
  });
  expect(asked.pop()).toBe("\nThe catalog no longer has course/a, course/b.\nRemove all 2? [y/N] ");
});

it("adds to what was confirmed before, in the configuration or at an earlier question", async () => {
  const before = { ...OPTIONS, confirmed: ["course/c"] };
  const options = await confirmRemovals(report(refusal()), before, terminal("yes"));
  expect(options?.confirmed).toEqual(["course/c", "course/a", "course/b"]);
  const config = { "lectern:confirmRemovals": '["kernel/old"]', "lectern:catalog": "catalog" };
  expect(withConfirmed(config, ["course/a"])).toEqual({
    ...config,
    "lectern:confirmRemovals": '["kernel/old","course/a"]',
  });
  expect(withConfirmed({}, ["course/a"])).toEqual({ "lectern:confirmRemovals": '["course/a"]' });
  expect(withConfirmed(config)).toBe(config);
});

it.each(["", "n", "no", "yesterday"])("confirms nothing at the answer %j", async (answer) => {
  expect(await confirmRemovals(report(refusal()), OPTIONS, terminal(answer))).toBeUndefined();
});

it("asks nothing where nobody can answer, for a document, or of another failure", async () => {
  asked.length = 0;
  const nobody = terminal("y", false);
  expect(await confirmRemovals(report(refusal()), OPTIONS, nobody)).toBeUndefined();
  expect(await confirmRemovals(report(refusal()), { ...OPTIONS, json: true }, terminal("y"))).toBeUndefined();
  expect(await confirmRemovals(report("a course has an error"), OPTIONS, terminal("y"))).toBeUndefined();
  expect(asked).toEqual([]);
});
