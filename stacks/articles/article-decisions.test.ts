import { describe, expect, it } from "vitest";
import { checkDecisions } from "./article-decisions.ts";

const IDS = ["course/bell-states", "course/dice", "blog/walks"];

describe("decisions about articles", () => {
  it("may name any article of the catalog", () => {
    const decisions = {
      "course/dice": { customId: "dice-1" },
      "blog/walks": { confirmAbsent: true as const },
    };
    expect(() => checkDecisions(decisions, IDS)).not.toThrow();
  });

  it("name the nearest where there is no such article", () => {
    expect(() => checkDecisions({ "course/bell-state": { customId: "b" } }, IDS)).toThrow(
      'lectern:articles.course/bell-state: the catalog has no article "course/bell-state". Did you mean "course/bell-states"',
    );
  });

  it("can't give one article of qBook to two", () => {
    const decisions = { "course/dice": { customId: "x" }, "course/bell-states": { customId: "x" } };
    expect(() => checkDecisions(decisions, IDS)).toThrow(
      /course\/bell-states\.customId: "x" is already the ID of course\/dice/,
    );
  });
});
