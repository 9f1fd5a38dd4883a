import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compose } from "./compose.ts";
import { stackView } from "./preview/stack-view.ts";
import { expectBalanced, input, preview, view } from "./testing/some-comment.ts";

describe("a comment that would be too long", () => {
  const many = (stacks: number, things: number) =>
    Array.from({ length: stacks }, (_, index) =>
      stackView(
        `staging-${index}`,
        "staging",
        preview({
          messages: Array.from(
            { length: things },
            (__, at) => ["info", `course/bell: chapter ${at} ${"x".repeat(80)}`] as const,
          ),
        }),
      ),
    );

  it("is cut by stack below GitHub's limit, and the whole text is kept", () => {
    const { comment, whole } = compose(input({ previews: many(60, 80) }));
    expect(comment.length).toBeLessThan(65_536);
    expect(whole.length).toBeGreaterThan(65_536);
    expect(comment).toContain("### Staging: 120 to update");
    for (let index = 0; index < 60; index += 1) expect(comment).toContain(`<b>staging-${index}</b>`);
    expectBalanced(comment);
  });

  it("is cut although single lines are as long as a log", () => {
    const long = (index: number) => `${index} ${"@everyone | ".repeat(3_000)}`;
    const messages = Array.from({ length: 40 }, (_, index) => [
      ["warning", `kernel ${index} is held: ${long(index)}`] as const,
      ["info", `course/bell: ${long(index)}`] as const,
      ["warning", long(index)] as const,
    ]).flat();
    const { comment } = compose(input({ previews: [view({ messages })] }));
    expect(comment.length).toBeLessThan(65_536);
    expect(comment).toContain("### Staging: 2 to update, 40 held");
    expectBalanced(comment);
  });

  it("stays within any limit that its verdict has room in, and closes what it opens", () => {
    const previews = many(12, 6);
    fc.assert(
      fc.property(fc.integer({ min: 16_000, max: 60_000 }), (limit) => {
        const { comment } = compose(input({ previews }), limit);
        expect(comment.length).toBeLessThanOrEqual(limit);
        expectBalanced(comment);
      }),
      { numRuns: 30 },
    );
  });
});
