import { describe, expect, it } from "vitest";
import { readArticle } from "../read.ts";
import { codeCell, htmlOutput, markdownCell, notebook, writeArticle } from "../testing/articles.ts";
import { type Cell, problemsOf } from "../testing/notebook-problems.ts";

describe("a notebook is refused for", () => {
  const cell = (more: Cell) => notebook([{ ...codeCell("1"), ...more }]);
  const output = (value: unknown) => notebook([codeCell("1", [value as Cell])]);
  it.each<[string, string | object, string | undefined]>([
    ["being empty", "", undefined],
    ["being no JSON", '{"cells": [}', undefined],
    ["NaN, which Python writes", '{"cells": NaN}', undefined],
    ["being no object", "[]", undefined],
    ["an unresolved merge", '{"cells": [\n<<<<<<< HEAD\n]}', undefined],
    ["the format's version 3", { nbformat: 3, worksheets: [] }, "nbformat"],
    ["no version", { cells: [], metadata: {} }, "nbformat"],
    ["no minor version", notebook([], { nbformat_minor: undefined }), "nbformat_minor"],
    ["no metadata", notebook([], { metadata: undefined }), "metadata"],
    [
      "a kernelspec without a name",
      notebook([], { metadata: { kernelspec: { display_name: "Python" } } }),
      "metadata.kernelspec.name",
    ],
    ["cells that are no list", notebook([], { cells: {} }), "cells"],
    ["a cell that is null", notebook([], { cells: [null] }), "cells[0]"],
    ["an unknown type of cell", cell({ cell_type: "heading" }), "cells[0].cell_type"],
    ["a cell without metadata", cell({ metadata: undefined }), "cells[0].metadata"],
    ["a cell without source", cell({ source: undefined }), "cells[0].source"],
    ["a source that is a number", cell({ source: 7 }), "cells[0].source"],
    ["an id that is none", cell({ id: "a b" }), "cells[0].id"],
    ["code without outputs", cell({ outputs: undefined }), "cells[0].outputs"],
    ["code without a count", cell({ execution_count: undefined }), "cells[0].execution_count"],
    ["Markdown with outputs", notebook([markdownCell("a", { outputs: [] })]), "cells[0].outputs"],
    [
      "Markdown with a count",
      notebook([markdownCell("a", { execution_count: null })]),
      "cells[0].execution_count",
    ],
    [
      "a raw cell with outputs",
      notebook([{ cell_type: "raw", metadata: {}, source: "a", outputs: [] }]),
      "cells[0].outputs",
    ],
    ["an unknown type of output", output({ output_type: "pyout" }), "cells[0].outputs[0].output_type"],
    ["a stream without text", output({ output_type: "stream", name: "stdout" }), "cells[0].outputs[0].text"],
    [
      "an error without traceback",
      output({ output_type: "error", ename: "E", evalue: "" }),
      "cells[0].outputs[0].traceback",
    ],
    [
      "a result without data",
      output({ output_type: "execute_result", execution_count: 1, metadata: {} }),
      "cells[0].outputs[0].data",
    ],
    [
      "an output without metadata",
      output({ output_type: "display_data", data: {} }),
      "cells[0].outputs[0].metadata",
    ],
    ["HTML that is an object", output(htmlOutput({} as string)), 'cells[0].outputs[0].data["text/html"]'],
    [
      "attachments that are a list",
      notebook([markdownCell("a", { attachments: [] })]),
      "cells[0].attachments",
    ],
  ])("%s", async (_, content, path) => {
    const problems = await problemsOf(content);
    expect(problems).toMatchObject([{ code: "invalid-notebook", severity: "error", file: "one.ipynb" }]);
    expect(problems[0]?.path).toBe(path);
    if (content !== "") expect(problems[0]?.line).toBeGreaterThan(0);
  });

  it("two cells with one id, and bytes that are no UTF-8", async () => {
    const twice = [markdownCell("a", { id: "x" }), markdownCell("b", { id: "x" })];
    expect(await problemsOf(notebook(twice))).toMatchObject([{ path: "cells[1].id" }]);
    const { problems } = await readArticle(
      await writeArticle({ "one.ipynb": Buffer.from([0x7b, 0xff]) }),
      "course",
    );
    expect(problems).toMatchObject([{ code: "invalid-notebook", message: "The file is not UTF-8 text" }]);
  });

  it.each([
    [
      "an unresolved merge",
      '{"cells": [\n<<<<<<< HEAD\n]}',
      /unresolved merge conflict$/,
      /^Resolve it in an editor/,
    ],
    ["no JSON", '{"cells": [}', /^This is not JSON/, /^Fix .* or restore/],
    ["nothing", "", /empty$/, /^Restore/],
    [
      "a mark",
      `\ufeff${JSON.stringify(notebook([]))}`,
      /begins with a byte order mark/,
      /without a byte order/,
    ],
  ])("%s, with a remedy that works on what Jupyter can't open", async (_, content, message, remedy) => {
    expect(await problemsOf(content)).toMatchObject([
      { message: expect.stringMatching(message), remedy: expect.stringMatching(remedy) },
    ]);
  });

  it("ids before 4.5 only with a warning, as they are common and harmless", async () => {
    const early = notebook([markdownCell("a"), markdownCell("b")], { nbformat_minor: 4 });
    expect(await problemsOf(early)).toMatchObject([{ severity: "warning", path: "cells[0].id" }]);
  });

  it("cells without ids in 4.5 only with one warning, as Jupyter adds them", async () => {
    const without = notebook([
      codeCell("1"),
      markdownCell("a", { id: undefined }),
      markdownCell("b", { id: undefined }),
    ]);
    expect(await problemsOf(without)).toMatchObject([
      {
        severity: "warning",
        path: "cells[1]",
        message: "Cell 2 and 1 more have no ID, which nbformat 4.5 requires",
      },
    ]);
  });

  it.each(["NaN", "Infinity", "-Infinity"])("%s, which is named with where it comes from", async (number) => {
    const text = JSON.stringify(notebook([codeCell("1")])).replace(
      '"execution_count":1',
      `"execution_count":${number}`,
    );
    const [problem, ...others] = await problemsOf(text);
    expect(problem?.message).toBe(
      `${number} is not JSON, though Python writes it for a number that is missing or too large`,
    );
    expect(problem).toMatchObject({ line: 1, column: text.indexOf(`:${number}`) + 2 });
    expect(others).toEqual([]);
  });

  it("a Git LFS pointer, as such", async () => {
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${"0".repeat(64)}\nsize 12\n`;
    expect(await problemsOf(pointer)).toMatchObject([
      { message: "The file is a Git LFS pointer, not the notebook" },
    ]);
  });

  it("a nesting that no reader survives, without failing itself", async () => {
    const deep = `{"metadata":${"[".repeat(200_000)}${"]".repeat(200_000)},"nbformat":4}`;
    expect((await problemsOf(deep)).map(({ code }) => code)).toContain("invalid-notebook");
  });
});

describe("a notebook may", () => {
  it.each<[string, object]>([
    [
      "be of an older minor version, without ids",
      {
        ...notebook([]),
        nbformat_minor: 2,
        cells: [{ cell_type: "markdown", metadata: {}, source: ["a\n", "b"] }],
      },
    ],
    ["be of a newer minor version", notebook([], { nbformat_minor: 9 })],
    [
      "hold JSON in an output",
      notebook([
        codeCell("1", [
          {
            output_type: "display_data",
            metadata: {},
            data: { "application/vnd.plotly.v1+json": { data: [] } },
          },
        ]),
      ]),
    ],
    [
      "hold streams, errors and results",
      notebook([
        codeCell("1", [
          { output_type: "stream", name: "stdout", text: ["a\n"] },
          { output_type: "error", ename: "E", evalue: "e", traceback: ["a", "b"] },
          {
            output_type: "execute_result",
            execution_count: null,
            metadata: {},
            data: { "text/plain": ["1"] },
          },
        ]),
      ]),
    ],
  ])("%s", async (_, content) => {
    expect(await problemsOf(content)).toEqual([]);
  });
});

describe("a problem in a notebook", () => {
  it("names the cell, the line of the file and the text there", async () => {
    const content = notebook([
      markdownCell("fine"),
      markdownCell(["# A\n", "\n", 'see "this" ![x](no.png)\n']),
    ]);
    const [problem] = await problemsOf(content);
    const lines = JSON.stringify(content, null, 1).split("\n");
    const line = lines.findIndex((text) => text.includes("no.png"));
    expect(problem).toMatchObject({
      path: "cells[1].source[2]",
      line: line + 1,
      snippet: 'see "this" ![x](no.png)',
    });
    expect(problem?.column).toBe((lines[line]?.indexOf("no.png") ?? 0) + 1);
    expect(problem?.message).toBe(`Cell 2: there is no image "no.png"`);
  });
});
