import { describe, expect, it } from "vitest";
import { readArticle } from "../read.ts";
import { codeCell, htmlOutput, markdownCell, notebook, writeArticle } from "../testing/articles.ts";
import { noise } from "../testing/noise.ts";

describe("a credential in a notebook", () => {
  const token = `ghp_${noise(36)}`;
  const stream = { output_type: "stream", name: "stdout", text: ["fine\n", `token ${token}\n`] };
  const failure = { output_type: "error", ename: "E", evalue: token, traceback: ["a"] };
  const result = (data: object) => ({
    output_type: "execute_result",
    execution_count: 1,
    metadata: {},
    data,
  });
  const attached = (data: object) =>
    markdownCell("![a](attachment:a.png)", { attachments: { "a.png": data } });
  it.each<[string, object, string]>([
    ["Markdown", notebook([markdownCell(`a ${token}`)]), "cells[0].source"],
    ["code", notebook([codeCell(["import os\n", `T = "${token}"`])]), "cells[0].source[1]"],
    [
      "code that is split inside of it",
      notebook([codeCell([`T = "${token.slice(0, 9)}`, token.slice(9)])]),
      "cells[0].source[0]",
    ],
    ["a raw cell", notebook([{ cell_type: "raw", metadata: {}, source: token }]), "cells[0].source"],
    ["what was printed", notebook([codeCell("1", [stream])]), "cells[0].outputs[0].text[1]"],
    ["an error", notebook([codeCell("1", [failure])]), "cells[0].outputs[0].evalue"],
    [
      "a result",
      notebook([codeCell("1", [result({ "text/plain": `'${token}'` })])]),
      'cells[0].outputs[0].data["text/plain"]',
    ],
    [
      "JSON in a result",
      notebook([codeCell("1", [result({ "application/json": { a: [token] } })])]),
      'cells[0].outputs[0].data["application/json"]',
    ],
    [
      "what only claims to be a picture",
      notebook([codeCell("1", [htmlOutput(token, "image/png")])]),
      'cells[0].outputs[0].data["image/png"]',
    ],
    ["a cell's metadata", notebook([markdownCell("a", { metadata: { note: token } })]), "cells[0].metadata"],
    ["the notebook's metadata", notebook([], { metadata: { note: `"${token}"` } }), "metadata"],
    [
      "an attachment",
      notebook([attached({ "text/plain": token })]),
      'cells[0].attachments["a.png"]["text/plain"]',
    ],
  ])("is found in %s, and is not repeated", async (_, content, path) => {
    const { article, problems } = await readArticle(await writeArticle({ "one.ipynb": content }), "course");
    expect([...new Set(problems.map(({ code }) => code))]).toEqual(["credential"]);
    expect(problems[0]).toMatchObject({ severity: "error", path });
    expect(problems[0]?.line).toBeGreaterThan(0);
    expect(JSON.stringify(problems)).not.toContain(token.slice(8));
    expect(article).toBeUndefined();
  });

  it.each([
    ["directly after a colour", `a\u001b[31m${token}\u001b[0m`, 6],
    ["split by a colour", `a \u001b[31m${token.slice(0, 9)}\u001b[1;32m${token.slice(9)}\u001b[0m`, 7],
    ["plain in a coloured text", `\u001b[31ma\u001b[0m ${token} b`, 11],
  ])("is found once in a traceback, %s", async (_, line, column) => {
    const output = { ...failure, evalue: "e", traceback: ["\u001b[0;31m-----\u001b[0m\n", line] };
    const content = notebook([codeCell("1", [output])]);
    const folder = await writeArticle({ "one.ipynb": content });
    const { problems } = await readArticle(folder, "course");
    expect(problems).toMatchObject([{ code: "credential", path: "cells[0].outputs[0].traceback[1]" }]);
    const written = JSON.stringify(line);
    const before = JSON.stringify(line.slice(0, column)).length - 1;
    const lines = JSON.stringify(content, null, 1).split("\n");
    const start = lines.map((text) => text.indexOf(written)).find((at) => at >= 0) ?? 0;
    expect(problems[0]?.column).toBe(start + before + 1);
    expect(JSON.stringify(problems)).not.toContain(token.slice(9));
  });

  it("is masked in what is reported of its neighbours, and warns where the stack allows it", async () => {
    const password = noise(14);
    const source = `<img src="no.png?u=https://alice:${password}@data.qbraid.com/" onerror="x('${token}')">`;
    const folder = await writeArticle({ "one.ipynb": notebook([markdownCell(source)]) });
    const { problems } = await readArticle(folder, "course", { rules: { credentials: "warning" } });
    const codes = problems.map(({ code, severity }) => `${severity} ${code}`);
    expect(codes).toEqual(
      expect.arrayContaining(["warning credential", "error active-content", "error missing-image"]),
    );
    expect(JSON.stringify(problems)).not.toContain(token);
    expect(JSON.stringify(problems)).not.toContain(password);
  });
});
