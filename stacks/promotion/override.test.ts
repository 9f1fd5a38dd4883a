import * as pulumi from "@pulumi/pulumi";
import { beforeEach, expect, it, vi } from "vitest";
import { formatProblem } from "../../components/problem/problem.ts";
import { zodProblems } from "../../components/problem/zod.ts";
import { Overrides, overrideConfig } from "./override.ts";

const warn = vi.spyOn(pulumi.log, "warn");
beforeEach(() => void warn.mockReset());

const NOON = Date.parse("2026-12-24T12:00:00Z");
const HELD = { hold: "the staging hub campus/staging is not healthy", deployed: true };
const until = (day: string) => ({ "hub/campus/prod": { reason: "CVE-2026-1", until: day } });

it("lets one thing through until the end of a day, and says so", () => {
  const overrides = new Overrides(until("2026-12-24"), NOON);
  expect(overrides.decide("hub/campus/prod", HELD, () => ({ use: 1 }))).toEqual({ use: 1 });
  expect(overrides.decide("hub/campus/other", HELD, () => ({ use: 1 }))).toBe(HELD);
  expect(overrides.outputs).toEqual(until("2026-12-24"));
  expect(warn.mock.calls).toEqual([
    [
      "hub/campus/prod goes through the gate until 2026-12-24, although the staging hub campus/staging is not healthy: CVE-2026-1",
    ],
  ]);
});

it("has no effect after that day, and asks for its removal", () => {
  const overrides = new Overrides(until("2026-12-23"), NOON);
  expect(overrides.decide("hub/campus/prod", HELD, () => ({ use: 1 }))).toBe(HELD);
  expect(overrides.outputs).toEqual({});
  expect(warn).toHaveBeenCalledWith(
    "lectern:override.hub/campus/prod ended on 2026-12-23 and has no effect any more. Remove it.",
  );
});

it("does nothing where nothing is held", () => {
  const overrides = new Overrides(until("2026-12-24"), NOON);
  expect(overrides.decide("hub/campus/prod", { use: 2 }, () => ({ use: 1 }))).toEqual({ use: 2 });
  expect(overrides.outputs).toEqual({});
});

it("wants a known kind of ID, a reason and a day", () => {
  const parsed = overrideConfig.override.safeParse({
    "hubs/x": {},
    "hub/x/y": { until: "soon", reason: "" },
  });
  expect(zodProblems(parsed.error ?? expect.fail("it was accepted"), {}).map(formatProblem)).toHaveLength(3);
});

it("takes a day that is written without quotes as the Pulumi CLI hands it over", () => {
  const handed = until("2026-12-24 00:00:00 +0000 UTC");
  expect(overrideConfig.override.parse(handed)).toEqual(until("2026-12-24"));
});
