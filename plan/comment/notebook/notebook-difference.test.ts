import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aligned } from "./align.ts";
import { type Cell, cellsOf } from "./cells.ts";
import { differencePage } from "./difference-page.ts";
import { cellChanges, countChanges } from "./notebook-difference.ts";

const cell = (source: string, more: Partial<Cell> = {}): Cell => ({
  type: "markdown",
  source,
  outputs: [],
  rawOutputs: "[]",
  ...more,
});
const changes = (before: readonly Cell[], after: readonly Cell[]) =>
  cellChanges(before, after)
    .filter(({ change }) => change !== "same")
    .map((one) => `${one.change} ${one.after?.source ?? one.before?.source}`);

describe("the difference of two notebooks", () => {
  it("names cells that are added, removed and changed", () => {
    const before = [cell("# One", { id: "a" }), cell("two", { id: "b" }), cell("three", { id: "c" })];
    const after = [
      cell("# One", { id: "a" }),
      cell("two, rewritten", { id: "b" }),
      cell("four", { id: "d" }),
    ];
    expect(changes(before, after)).toEqual(["changed two, rewritten", "removed three", "added four"]);
  });

  it("finds a rewritten cell without an ID by a line that stays", () => {
    expect(changes([cell("x = 1\nprint(x)")], [cell("x = 2\nprint(x)")])).toEqual([
      "changed x = 2\nprint(x)",
    ]);
    expect(changes([cell("x = 1")], [cell("other")])).toEqual(["removed x = 1", "added other"]);
  });

  it("tells outputs from the text, and ignores how often a cell ran", () => {
    const notebook = (text: string, count: number) => ({
      cells: [
        {
          ...{ cell_type: "code", source: ["print(", "1)"], execution_count: count },
          outputs: [
            { output_type: "stream", name: "stdout", text },
            {
              output_type: "execute_result",
              execution_count: count,
              data: { "image/png": "x".repeat(34_000) },
            },
            { output_type: "error", ename: "NameError", evalue: "canary", traceback: [] },
          ],
        },
      ],
    });
    const [one = [], same = [], other = []] = [notebook("1", 1), notebook("1", 2), notebook("2", 1)].map(
      cellsOf,
    );
    expect(countChanges(cellChanges(one, same))).toEqual({ added: 0, removed: 0, changed: 0, outputs: 0 });
    expect(countChanges(cellChanges(one, other))).toEqual({ added: 0, removed: 0, changed: 0, outputs: 1 });
    expect(one[0]).toMatchObject({
      source: "print(1)",
      outputs: ["text, 1 B", "image/png, 34 kB", "error NameError"],
    });
    expect(cellsOf([])).toBeUndefined();
  });

  it("accounts for every cell once, whatever differs", () => {
    const cells = fc.array(
      fc.constantFrom("a", "b", "c\nd", "d").map((source) => cell(source)),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(cells, cells, (before, after) => {
        const found = cellChanges(before, after);
        expect(found.flatMap((one) => one.after ?? [])).toEqual(after);
        expect(found.filter((one) => one.before)).toHaveLength(before.length);
        if (JSON.stringify(before) === JSON.stringify(after))
          expect(found.every(({ change }) => change === "same")).toBe(true);
      }),
    );
  });
});

it("aligns two lists in order, and loses nothing", () => {
  const list = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 10 });
  fc.assert(
    fc.property(list, list, (before, after) => {
      const pairs = aligned(before, after, (a, b) => a === b);
      expect(pairs.flatMap(([one]) => one ?? [])).toEqual(before);
      expect(pairs.flatMap(([, one]) => one ?? [])).toEqual(after);
      expect(pairs.every(([a, b]) => a === undefined || b === undefined || a === b)).toBe(true);
    }),
  );
});

it("renders a page on which nothing of a notebook runs", () => {
  const hostile = `<script>alert(1)</script>"'&`;
  const page = differencePage(hostile, [
    {
      label: hostile,
      changes: cellChanges([cell("same"), cell("old\nkept")], [cell("same"), cell(`kept\n${hostile}`)]),
    },
  ]);
  expect(page).not.toContain("<script");
  expect(page).toContain("default-src 'none'");
  expect(page).toContain("<del>old</del>kept\n<ins>&lt;script&gt;");
  expect(page).toContain("1 cell unchanged");
});
