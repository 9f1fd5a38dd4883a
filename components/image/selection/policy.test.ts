import { expect, it } from "vitest";
import { LecternError } from "../../problem/problem.ts";
import { readPolicy } from "./policy.ts";

/** The codes and paths of the problems that a call throws. */
function refusal(call: () => unknown): string[] {
  try {
    call();
  } catch (error) {
    if (error instanceof LecternError) return error.problems.map(({ code, path }) => `${code} ${path}`);
    throw error;
  }
  return [];
}

it.each([
  ["recomended: x", "unknown-key recomended"],
  ["weeklies: -1", "invalid-value weeklies"],
  ["weeklies: 1.5", "invalid-value weeklies"],
  ["weeklies: many", "invalid-value weeklies"],
  ["weeklies: {}", "missing-field weeklies.count"],
  ["weeklies: {count: 1, maximumAge: soon}", "invalid-value weeklies.maximumAge"],
  ["weeklies: {count: 1, oldest: r1_0_0}", "invalid-value weeklies.oldest"],
  ["weeklies: {count: 1, oldst: w_2026_05}", "unknown-key weeklies.oldst"],
  ["releases: {count: 1, maximumAge: 1w}", "unknown-key releases.maximumAge"],
  ["maximumAge: soon", "invalid-value maximumAge"],
  ["minimumVersion: w_2022_40", "invalid-value minimumVersion"],
  ["pin: w_2022_40", "wrong-type pin"],
  ["pin: [", "malformed-file undefined"],
  ["- 1", "wrong-type undefined"],
])("the policy %j", (text, problem) => {
  expect(refusal(() => readPolicy(text, "policy.yaml"))).toEqual([problem]);
});

it("a policy has defaults, and its forms are read", () => {
  expect(readPolicy("", "p")).toEqual({
    releases: { count: 1 },
    weeklies: { count: 2 },
    dailies: { count: 3 },
    candidates: { count: 0 },
    pin: [],
    immutable: ["version", "date", "commit"],
  });
  expect(
    readPolicy('{"cycle": "c0045", "minimumVersion": "r22_0", "maximumAge": "1w 2d"}', "p"),
  ).toMatchObject({
    cycle: 45,
    minimumVersion: [22, 0, 0, Number.POSITIVE_INFINITY],
    maximumAge: 9 * 86_400_000,
  });
});

it("a version that YAML reads as a number is to be quoted", () => {
  expect(() => readPolicy("minimumVersion: 22.0", "p")).toThrow(
    /p:1:\d+ minimumVersion: .*number.*quotes, such as "22\.0"/,
  );
  expect(() => readPolicy("minimumVersion: [22]", "p")).toThrow(/expected string, received list/);
});
