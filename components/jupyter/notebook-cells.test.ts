import { expect, it } from "vitest";
import { notebookCells } from "./notebook-cells.ts";

const notebook = (cells: object[]) =>
  JSON.stringify({ nbformat: 4, metadata: { kernelspec: { name: "python3" } }, cells });

it("gives the code cells in order with their numbers, as nbclient's tags say", () => {
  const text = notebook([
    { cell_type: "markdown", source: "# Title" },
    { cell_type: "code", source: ["import numpy\n", "numpy.eye(2)"] },
    { cell_type: "code", source: " \n" },
    { cell_type: "code", source: "slow()", metadata: { tags: ["skip-execution"] } },
    { cell_type: "code", id: "e1", source: "1/0", metadata: { tags: ["raises-exception"] } },
  ]);
  expect(notebookCells(text)).toEqual({
    kernel: "python3",
    cells: [
      { number: 2, code: "import numpy\nnumpy.eye(2)", mayFail: false, outputs: [] },
      { number: 5, id: "e1", code: "1/0", mayFail: true, outputs: [] },
    ],
  });
});

it.each(["", "{}", "[]", '{"cells": 1}'])("is undefined for what is no notebook: %j", (text) => {
  expect(notebookCells(text)).toBeUndefined();
});
