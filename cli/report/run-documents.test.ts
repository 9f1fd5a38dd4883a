import { describe, expect, it } from "vitest";
import type { MapStack } from "../../plan/map/map-file.ts";
import { withDeployed } from "./run-documents.ts";

describe("what a deployment did", () => {
  const stack = (...ats: string[]): MapStack => ({
    ...{ stack: "prod", environment: "prod" },
    history: ats.map((at) => ({ at: `2026-11-30T${at}.000Z`, kind: "update", changes: [] })),
  });
  const live = [{ id: "course/bell", label: "Course bell", change: "updated" as const }];
  const ran = {
    stack: "prod",
    environment: "prod",
    state: "deployed" as const,
    seconds: 60,
    changes: {},
    live,
  };
  const told = (before: MapStack) =>
    withDeployed([before], { stacks: [{ ...ran, ended: "2026-11-30T10:00:00.000Z" }] })[0]?.history.map(
      ({ at, changes }) => `${at.slice(11, 19)} ${changes.length}`,
    );

  it("is told with the update of the history that it is, whichever clock the backend has", () => {
    expect(told(stack("10:00:20", "08:00:00"))).toEqual(["10:00:20 1", "08:00:00 0"]);
  });

  it("is told for itself where the history has none, or it may be one of several", () => {
    expect(told(stack("08:00:00"))).toEqual(["10:00:00 1", "08:00:00 0"]);
    expect(told(stack("10:00:20", "09:59:50"))).toEqual(["10:00:00 1", "10:00:20 0", "09:59:50 0"]);
  });
});
