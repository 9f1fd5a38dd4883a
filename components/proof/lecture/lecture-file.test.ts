import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { fingerprintArticle } from "../../article/source/fingerprint.ts";
import { readArticle } from "../../article/source/read.ts";
import {
  chapter,
  codeCell,
  course,
  notebook,
  PIXEL,
  section,
  writeArticle,
} from "../../article/source/testing/articles.ts";
import { formatProblem } from "../../problem/problem.ts";
import { lectureOf, readLecture } from "./lecture-file.ts";
import { comparisonOf } from "./lecture-schema.ts";

const FILES = {
  "course.json": course({
    content: [
      chapter({ sections: [section({ baseFilePath: "parts/two.ipynb" })] }),
      chapter({ chapterNumber: 2, chapterName: "Reading", baseFilePath: "three.ipynb", kernelId: "" }),
    ],
  }),
  "one.ipynb": notebook([codeCell("1 + 1")]),
  "parts/two.ipynb": notebook([codeCell("2 + 2")]),
  "three.ipynb": notebook([]),
  "data/points.csv": Buffer.from("1,2\n"),
  "data/deep/more.csv": Buffer.from("3,4\n"),
  "logo.png": PIXEL,
};

async function withLecture(text: string, more: Parameters<typeof writeArticle>[0] = {}): Promise<string> {
  const folder = await writeArticle({ ...FILES, ...more });
  await writeFile(join(folder, "lecture.yaml"), text);
  return folder;
}

const problemsOf = async (text: string) =>
  (await readLecture(await withLecture(text))).problems.map(formatProblem);

it("proves every notebook that has a kernel where there is no lecture.yaml", async () => {
  const { declared, settings, notebooks, files } = await lectureOf(await writeArticle(FILES));
  expect(declared).toBe(false);
  expect(settings).toEqual({
    hubs: [],
    timeout: 600,
    memory: "4G",
    errors: {},
    files: [],
    network: true,
    compare: "none",
  });
  expect(notebooks.map(({ path, kernel }) => [path, kernel])).toEqual([
    ["one.ipynb", "Qubits"],
    ["parts/two.ipynb", "Qubits"],
  ]);
  expect(files).toEqual([]);
});

it("takes notebooks and files by globs, and no file through a link or twice", async () => {
  const folder = await withLecture("notebooks: ['parts/*.ipynb']\nfiles: [data/**, 'data/*.csv']\n");
  await mkdir(join(folder, "data/.hidden"));
  await writeFile(join(folder, "data/.hidden/secret.csv"), "5");
  await symlink("/etc/hostname", join(folder, "data/link.csv"));
  const { declared, notebooks, files } = await lectureOf(folder);
  expect(declared).toBe(true);
  expect(notebooks.map(({ path }) => path)).toEqual(["parts/two.ipynb"]);
  expect(files.map(({ path, size }) => [path, size])).toEqual([
    ["data/deep/more.csv", 4],
    ["data/points.csv", 4],
  ]);
});

it("reports everything that is wrong with its place and what to do", async () => {
  expect(await problemsOf("timout: 5\nmemory: lots\nnetwork: maybe\nfiles: [../elsewhere]\n")).toEqual(
    [
      expect.stringMatching(/^lecture\.yaml:2:9 memory: must be an amount of memory such as 512M or 2Gi\./),
      expect.stringMatching(/^lecture\.yaml:4:9 files\[0\]: must be a path below the course's folder/),
      expect.stringMatching(/^lecture\.yaml:3:10 network: expected boolean, received string\./),
      expect.stringMatching(
        /^lecture\.yaml:1:1 timout: unknown key "timout"\. Did you mean "timeout" or "cell_timeout"\?$/,
      ),
    ].sort(),
  );
});

it("reports notebooks and files that the course does not have", async () => {
  expect(
    await problemsOf(
      "notebooks:\n  - one.ipynb\n  - tow.ipynb\nerrors:\n  parts/to.ipynb: [1]\nfiles: [data/point.csv]\n",
    ),
  ).toEqual([
    expect.stringMatching(
      /^lecture\.yaml:3:5 notebooks\[1\]: "tow\.ipynb" is no notebook for which course\.json/,
    ),
    'lecture.yaml:5:19 errors["parts/to.ipynb"]: "parts/to.ipynb" is no notebook for which course.json names a kernel. Did you mean "parts/two.ipynb"?',
    'lecture.yaml:6:9 files[0]: "data/point.csv" is no file of the course. Add the file, or correct the path, which starts at the folder of course.json.',
  ]);
});

it("refuses more data than goes into a kernel", async () => {
  const folder = await withLecture("files: [large.bin]\n", { "large.bin": Buffer.alloc(50 * 2 ** 20 + 1) });
  const { problems } = await readLecture(folder);
  expect(problems.map(({ message }) => message)).toEqual([
    "the files have 51 MiB together, and at most 50 MiB are put into a kernel",
  ]);
});

it("names the file as people know it where it throws", async () => {
  const folder = await withLecture("notebooks: {}\n");
  await expect(lectureOf(folder, "catalog/courses/qubits")).rejects.toThrow(
    "catalog/courses/qubits/lecture.yaml:1:12 notebooks: expected list, received map. Write it as a list.",
  );
});

it.each([
  ["none", {}],
  ["errors", { errors: true }],
  ["{errors: true, text: {tolerance: 0.5}}", { errors: true, text: { relative: 0.5, absolute: 0.5 } }],
  ["{images: {}}", { errors: false, images: { distance: 0.1 } }],
  ["{text: {}}", { errors: false, text: { relative: 0.000_001, absolute: 0.000_001 } }],
])("compares as `compare: %s` says", async (compare, comparison) => {
  const { settings } = await lectureOf(await withLecture(`compare: ${compare}\n`));
  expect(comparisonOf(settings)).toEqual(comparison);
});

it("is no part of the article: its fingerprint, its parts and its problems stay as they are", async () => {
  const folder = await writeArticle(FILES);
  const [before, checked] = [await fingerprintArticle(folder, "course"), await readArticle(folder, "course")];
  expect(before.article?.fingerprint).toMatch(/^sha256:/);
  for (const text of ["seed: 1\nfiles: [data/points.csv]\n", "wrong: [\n"]) {
    await writeFile(join(folder, "lecture.yaml"), text);
    const [after, again] = [await fingerprintArticle(folder, "course"), await readArticle(folder, "course")];
    expect(after.article?.fingerprint).toBe(before.article?.fingerprint);
    expect(after.article?.parts).toEqual(before.article?.parts);
    expect(again.problems).toEqual(checked.problems);
  }
});

it("names the images of hubs that lecture.yaml can mean", async () => {
  const folder = await withLecture("hubs: [campus/lab, campus/lap, north/x]\n");
  const known = { entries: ["campus/lab", "campus/big"], elsewhere: ["north"] };
  expect((await readLecture(folder, known)).problems.map(formatProblem)).toEqual([
    'lecture.yaml:1:20 hubs[1]: no images.yaml of the catalog\'s clusters has the entry "campus/lap". Did you mean "campus/lab" or "campus/big"?',
  ]);
  expect((await readLecture(folder)).problems).toEqual([]);
  expect(await problemsOf("hubs: [lab]\n")).toEqual([
    expect.stringContaining("hubs[0]: must be <cluster>/<entry of its images.yaml>, such as campus/lab"),
  ]);
});
