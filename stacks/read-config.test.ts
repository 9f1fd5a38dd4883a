import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeAll, expect, it, vi } from "vitest";
import { readConfig } from "./read-config.ts";

beforeAll(() =>
  pulumi.runtime.setMocks(
    { newResource: () => ({ id: "", state: {} }), call: () => ({}) },
    "lectern",
    "staging",
  ),
);
afterEach(() => {
  vi.unstubAllEnvs();
  pulumi.runtime.setAllConfig({});
});

it("variables of the environment are settings of one run, and take precedence over those of the stack", () => {
  pulumi.runtime.setAllConfig({ "lectern:throughFreeze": "left over" });
  expect(readConfig()).toMatchObject({ throughFreeze: "left over" });
  vi.stubEnv("LECTERN_THROUGH_FREEZE", "the login is broken");
  vi.stubEnv("LECTERN_AT", "2026-10-05T09:00+02:00");
  expect(readConfig()).toMatchObject({ throughFreeze: "the login is broken", at: "2026-10-05T09:00+02:00" });
});
