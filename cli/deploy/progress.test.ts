import { expect, it } from "vitest";
import { summaryOf } from "./progress.ts";
import type { StackResult } from "./run-stacks.ts";

const result = (warnings: readonly string[]): StackResult => ({
  ...{ stack: "prod", environment: "prod", state: "deployed", seconds: 3, ok: true },
  ...{ changes: {}, errors: [], live: [], warnings },
});

it("the last line of a run tells what staging has not proven from what an event freezes", () => {
  const unproven = "course/bell is held: staging has not deployed it yet";
  const frozen = "kernel python is held: frozen until 2026-10-05 11:00 (Europe/Rome) for the lecture Algebra";
  const lastOf = (...warnings: string[]) => summaryOf([result(warnings)], 3);
  expect(lastOf()).toBe("1 stack in 3 s: 1 deployed.");
  expect(lastOf(unproven, frozen, frozen)).toBe(
    "1 stack in 3 s: 1 deployed; 1 held in production, as staging has not proven them; 2 frozen by events of the calendar, and deployed by a run after them.",
  );
});
