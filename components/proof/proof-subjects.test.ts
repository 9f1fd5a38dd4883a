import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import {
  chapter,
  codeCell,
  course,
  markdownCell,
  notebook,
  PIXEL,
  writeArticle,
} from "../article/source/testing/articles.ts";
import { notebookDigest } from "./notebook-digest.ts";
import { type ProofSubject, proofSubjects } from "./proof-subjects.ts";

const IMAGE = `registry.test/lab@sha256:${"a".repeat(64)}`;
const on = () => ({ image: IMAGE, language: "python" });

const FILES = {
  "course.json": course({
    content: [
      chapter(),
      chapter({ chapterNumber: 2, chapterName: "Two", baseFilePath: "two.ipynb", kernelId: "Other" }),
    ],
  }),
  "one.ipynb": notebook([markdownCell("# One"), codeCell("1 + 1")]),
  "two.ipynb": notebook([codeCell("2 + 2")]),
  "data.csv": Buffer.from("1\n"),
  "logo.png": PIXEL,
};

async function keyAfter(
  change: (folder: string) => Promise<void>,
  lecture = "files: [data.csv]\n",
): Promise<string> {
  const folder = await writeArticle(FILES);
  await writeFile(join(folder, "lecture.yaml"), lecture);
  await change(folder);
  const [first] = await proofSubjects({ id: "course/lab", folder }, on);
  return (first as ProofSubject).key;
}

const unchanged = async () => {};
const withNotebook = (cells: Parameters<typeof notebook>[0]) => (folder: string) =>
  writeFile(join(folder, "one.ipynb"), JSON.stringify(notebook(cells)));

it("has a key that the text around the code, and what is not compared, leave as it is", async () => {
  const key = await keyAfter(unchanged);
  expect(await keyAfter(withNotebook([markdownCell("# Better"), codeCell("1 + 1")]))).toBe(key);
  const output = { output_type: "stream", name: "stdout", text: "3" };
  expect(await keyAfter(withNotebook([markdownCell(""), codeCell("1 + 1", [output])]))).toBe(key);
  expect(await keyAfter((folder) => writeFile(join(folder, "other.csv"), "2"))).toBe(key);
});

it.each<[string, (folder: string) => Promise<void>, string?]>([
  ["the code", withNotebook([markdownCell("# One"), codeCell("1 + 2")])],
  ["the place of a cell", withNotebook([codeCell("1 + 1")])],
  [
    "its tags",
    withNotebook([markdownCell(""), { ...codeCell("1 + 1"), metadata: { tags: ["raises-exception"] } }]),
  ],
  ["a data file", (folder) => writeFile(join(folder, "data.csv"), "2\n")],
  ["a seed", unchanged, "files: [data.csv]\nseed: 1\n"],
  ["a time limit", unchanged, "files: [data.csv]\ntimeout: 5\n"],
  ["the cells that may fail", unchanged, "files: [data.csv]\nerrors: {one.ipynb: [2]}\n"],
])("has another key for another run: %s", async (_, change, lecture) => {
  expect(await keyAfter(change, lecture)).not.toBe(await keyAfter(unchanged));
});

it("takes the outputs into its key where they are compared", async () => {
  const lecture = "compare: errors\n";
  const output = { output_type: "stream", name: "stdout", text: "3" };
  const cells = (outputs: object[]) => withNotebook([markdownCell(""), codeCell("1 + 1", outputs as never)]);
  expect(await keyAfter(cells([]), lecture)).not.toBe(await keyAfter(cells([output]), lecture));
});

it("leaves out the notebooks of kernels that are not proven", async () => {
  const folder = await writeArticle(FILES);
  const subjects = await proofSubjects({ id: "course/lab", folder }, (name) =>
    name === "Other" ? on() : undefined,
  );
  expect(subjects.map(({ notebook: path, kernel }) => [path, kernel])).toEqual([["two.ipynb", "Other"]]);
});

it("reads what is run when it is run, and refuses what has changed since", async () => {
  const folder = await writeArticle(FILES);
  await writeFile(join(folder, "lecture.yaml"), "files: [data.csv]\ncell_timeout: 5\nmemory: 1G\n");
  const [first] = await proofSubjects({ id: "course/lab", folder }, on);
  const job = await first?.job();
  expect(job).toMatchObject({ path: "one.ipynb", timeout: 600_000, cellTimeout: 5_000, memory: 1e9 });
  expect(job?.notebook.cells.map(({ number, code }) => [number, code])).toEqual([[2, "1 + 1"]]);
  expect(job?.files.map(({ path, content }) => [path, String(content)])).toEqual([["data.csv", "1\n"]]);
  await writeFile(join(folder, "data.csv"), "2\n");
  await expect(first?.job()).rejects.toThrow("or a file that it reads, has changed since the run began");
});

it("has a digest for whatever a file holds", () => {
  const anything = fc.oneof(
    fc.string(),
    fc.json(),
    fc.json().map((json) => `{"cells": [${json}]}`),
  );
  fc.assert(
    fc.property(anything, fc.boolean(), (text, outputs) => {
      expect(notebookDigest(Buffer.from(text), outputs)).toMatch(/^sha256:[0-9a-f]{64}$/);
    }),
  );
});
