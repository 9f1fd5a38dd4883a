import { describe, expect, it } from "vitest";
import type { Difference, StackDrift } from "../../../plan/drift/drift.ts";
import { issueTarget, wantedIssue } from "./drift-issue.ts";

const CLEAN: StackDrift = {
  stack: "staging",
  environment: "staging",
  state: "clean",
  differences: [],
  errors: [],
  seconds: 1,
};
const GONE: Difference = { thing: "Namespace hub", change: "gone", fate: "undone" };
const differing = (...differences: Difference[]): StackDrift => ({ ...CLEAN, differences });
const FAILED: StackDrift = { ...CLEAN, state: "failed", errors: ["no answer"] };
const MARKER = { marker: "<!-- lectern-drift -->" };

describe("what the issue is to say", () => {
  it.each<[string, readonly StackDrift[], string]>([
    ["is opened where something differs", [CLEAN, differing(GONE)], "open"],
    ["is opened where what differs is held", [differing({ ...GONE, fate: "held" })], "open"],
    ["is opened where something differs and a stack failed", [differing(GONE), FAILED], "open"],
    ["is closed where nothing differs", [CLEAN], "close"],
    ["is closed where all that differs is accepted", [differing({ ...GONE, fate: "accepted" })], "close"],
    ["is never closed where a stack failed", [CLEAN, FAILED], "update"],
  ])("%s", (_, stacks, want) => {
    expect(wantedIssue(stacks, MARKER, undefined)).toMatchObject({ want });
  });

  it("begins with the marker, and its title counts", () => {
    expect(wantedIssue([differing(GONE)], MARKER, undefined)).toMatchObject({
      title: "Drift: 1 difference in 1 stack",
      body: expect.stringMatching(/^<!-- lectern-drift -->\n/),
    });
  });
});

describe("which issue it is", () => {
  const markerOf = (more: object) => issueTarget({ repository: "o/r", ...more }).marker;

  it("is one for each part of the stacks that is looked at, so that none closes another's", () => {
    expect(markerOf({})).toBe("<!-- lectern-drift -->");
    expect(markerOf({ environment: "prod" })).toBe("<!-- lectern-drift prod -->");
    expect(markerOf({ environment: "prod", only: "campus-1" })).toBe(
      "<!-- lectern-drift prod cluster campus-1 -->",
    );
    expect(markerOf({ only: "a-->\n<b>" })).not.toMatch(/-->.*-->|\n/s);
  });

  it.each([undefined, "teaching", "a/b/c", "o/r?x"])("needs a repository: %s", (repository) => {
    expect(() => issueTarget(repository === undefined ? {} : { repository })).toThrow(/Name the repository/);
  });
});
