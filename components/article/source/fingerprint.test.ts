import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describeChanges } from "./changes.ts";
import { digestOf } from "./digest.ts";
import { fingerprintArticle } from "./fingerprint.ts";
import { readArticle } from "./read.ts";
import {
  chapter,
  course,
  markdownCell,
  notebook,
  PIXEL,
  section,
  writeArticle,
  writeFiles,
} from "./testing/articles.ts";

const FILES = {
  "course.json": course({
    content: [
      chapter({ sections: [section({ baseFilePath: "parts/two.ipynb" })] }),
      chapter({ chapterNumber: 2, chapterName: "Noise", baseFilePath: "three.ipynb" }),
    ],
  }),
  "one.ipynb": notebook([markdownCell("# One\n\n![bell](images/bell.png)")]),
  "parts/two.ipynb": notebook([markdownCell('<img src="../images/two.png?x=1">')]),
  "three.ipynb": notebook([markdownCell("# Three")]),
  "images/bell.png": PIXEL,
  "images/two.png": Buffer.concat([PIXEL, PIXEL]),
};

/** The labels of the parts that are the bytes of a file. */
const FILE_PARTS: Record<string, string> = {
  "one.ipynb": "chapter 1 'Entanglement' notebook",
  "parts/two.ipynb": "chapter 1 'Entanglement' section 1.1 'Bell pairs' notebook",
  "three.ipynb": "chapter 2 'Noise' notebook",
  "images/bell.png": "image images/bell.png",
  "images/two.png": "image images/two.png",
  "logo.png": "image logo.png",
};

async function read(folder: string) {
  const { article, problems } = await fingerprintArticle(folder, "course");
  if (!article) throw new Error(JSON.stringify(problems));
  return article;
}

describe("the fingerprint", () => {
  it("is the same whether an article is only fingerprinted or checked too", async () => {
    const folder = await writeArticle(FILES);
    const checked = await readArticle(folder, "course");
    expect(checked.problems).toEqual([]);
    expect((await read(folder)).parts).toEqual(checked.article?.parts);
    expect((await read(folder)).fingerprint).toBe(checked.article?.fingerprint);
  });

  it("doesn't depend on the folder, the order of keys, the formatting or other files", async () => {
    const { fingerprint } = await read(await writeArticle(FILES));
    const folder = await writeArticle(FILES, "another-name");
    await writeFiles(folder, {
      "notes.txt": "unrelated",
      "draft.ipynb": notebook([]),
      "images/unused.png": PIXEL,
    });
    await fc.assert(
      fc.asyncProperty(
        fc.infiniteStream(fc.nat()),
        fc.constantFrom(0, 1, "\t"),
        fc.boolean(),
        async (order, indent, crlf) => {
          const text = JSON.stringify(shuffled(FILES["course.json"], order), null, indent);
          await writeFile(join(folder, "course.json"), crlf ? text.replaceAll("\n", "\r\n") : text);
          expect((await read(folder)).fingerprint).toBe(fingerprint);
        },
      ),
      { numRuns: 30 },
    );
  });

  it("doesn't depend on how a notebook is formatted, but earlier versions' did", async () => {
    const content = {
      ...notebook([markdownCell("# Zwei Größen — 2 × π")]),
      "0": { b: [1, 2.5, -0], a: null },
    };
    const folder = await writeArticle({ ...FILES, "one.ipynb": content });
    const before = await read(folder);
    await fc.assert(
      fc.asyncProperty(
        fc.infiniteStream(fc.nat()),
        fc.constantFrom(0, 1, "\t"),
        fc.boolean(),
        async (order, indent, escaped) => {
          const text = JSON.stringify(shuffled(content, order), null, indent);
          const ascii = text.replaceAll(
            /[^ -~\s]/g,
            (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
          );
          const written = escaped ? ascii : text;
          await writeFile(join(folder, "one.ipynb"), written);
          const after = await read(folder);
          expect(after.fingerprint).toBe(before.fingerprint);
          expect(after.earlier.parts["chapter 1 'Entanglement' notebook"]).toBe(digestOf(written));
        },
      ),
      { numRuns: 30 },
    );
  });

  it.each([
    ["a whole number that JavaScript can't hold", "9007199254740993", "9007199254740992"],
    ["the order of a list", "[1,2]", "[2,1]"],
    ["a text", '"1"', "1"],
    ["a key", '{"a":1}', '{"b":1}'],
    ["nothing", "null", "0"],
  ])("changes with %s in a notebook", async (_, one, two) => {
    const written = async (value: string) => {
      const text = JSON.stringify(notebook([], { extra: 0 })).replace('"extra":0', `"extra":${value}`);
      return read(await writeArticle({ ...FILES, "one.ipynb": text }));
    };
    expect((await written(one)).fingerprint).not.toBe((await written(two)).fingerprint);
  });

  it("has the image of a MyST directive, but earlier versions' had not", async () => {
    const figure = "```{figure} ../images/two.png\n```";
    const folder = await writeArticle({ ...FILES, "parts/two.ipynb": notebook([markdownCell(figure)]) });
    const { parts, earlier } = await read(folder);
    expect(Object.keys(parts)).toContain("image images/two.png");
    expect(Object.keys(earlier.parts)).not.toContain("image images/two.png");
    expect(Object.keys(earlier.parts)).toContain("image images/bell.png");
  });

  it("changes with any byte of any file that is referred to, and the change is named", async () => {
    const folder = await writeArticle(FILES);
    const before = await read(folder);
    const paths = Object.keys(FILE_PARTS);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...paths),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        async (path, at, flip) => {
          const bytes = await readFile(join(folder, path));
          const changed = Buffer.from(bytes);
          if (path.endsWith(".ipynb")) {
            await writeFile(
              join(folder, path),
              String(bytes).replace('"nbformat": 4', `"n": ${at}, "nbformat": 4`),
            );
          } else {
            changed.writeUInt8((changed[at % changed.length] ?? 0) ^ flip, at % changed.length);
            await writeFile(join(folder, path), changed);
          }
          const after = await read(folder);
          await writeFile(join(folder, path), bytes);
          const label = FILE_PARTS[path] ?? "";
          const described = label.startsWith("image")
            ? `${label} changed`
            : `${label.replace(/ notebook$/, "")}: notebook changed`;
          expect(after.fingerprint).not.toBe(before.fingerprint);
          expect(describeChanges(before.parts, after.parts)).toEqual([described]);
        },
      ),
      { numRuns: 60 },
    );
    expect((await read(folder)).fingerprint).toBe(before.fingerprint);
  });

  it.each([
    ["a style", '<p style="background: url(images/bell.png)">x</p>'],
    ["an image element", '<image src="images/bell.png">'],
  ])("has the images that %s shows", async (_, source) => {
    const folder = await writeArticle({ ...FILES, "one.ipynb": notebook([markdownCell(source)]) });
    const { parts } = await read(folder);
    expect(Object.keys(parts)).toContain("image images/bell.png");
    expect((await readArticle(folder, "course")).article?.parts).toEqual(parts);
  });

  it("keeps 1.10 apart from 1.1", async () => {
    const text = JSON.stringify(FILES["course.json"]);
    const one = await read(await writeArticle({ ...FILES, "course.json": text }));
    const ten = await read(
      await writeArticle({
        ...FILES,
        "course.json": text.replace('"sectionNumber":1.1,', '"sectionNumber":1.10,'),
      }),
    );
    expect(ten.fingerprint).not.toBe(one.fingerprint);
  });

  it("is there where course.json has a credential, which a stack may only warn about", async () => {
    const courseDescription = `token ghp_${"aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA2cD4"}`;
    const folder = await writeArticle({ "course.json": course({ courseDescription }) });
    const checked = await readArticle(folder, "course", { rules: { credentials: "warning" } });
    expect(checked.problems).toMatchObject([{ code: "credential", severity: "warning" }]);
    expect((await read(folder)).fingerprint).toBe(checked.article?.fingerprint);
  });

  it("is absent where a file is missing, and the file is named", async () => {
    const folder = await writeArticle(FILES);
    await rm(join(folder, "three.ipynb"));
    const { article, problems } = await fingerprintArticle(folder, "course");
    expect(article).toBeUndefined();
    expect(problems).toMatchObject([{ code: "missing-file", path: "content[1].baseFilePath" }]);
  });
});

describe("the changes of course.json", () => {
  const base = course({ content: [chapter(), chapter({ chapterNumber: 2, chapterName: "Noise" })] });
  it.each<[string, object, string[]]>([
    ["nothing", base, []],
    ["a name", { ...base, courseName: "Other" }, ["metadata courseName changed"]],
    [
      "a field that comes",
      { ...base, certificateSettings: { enabled: true, criteria: { type: "points", value: 1 } } },
      ["metadata certificateSettings added"],
    ],
    [
      "a chapter's kernel",
      {
        ...base,
        content: [chapter({ kernelId: "Other" }), chapter({ chapterNumber: 2, chapterName: "Noise" })],
      },
      ["chapter 1 'Entanglement': settings changed"],
    ],
    ["a chapter that goes", { ...base, content: [chapter()] }, ["chapter 2 'Noise' removed"]],
    [
      "a chapter that comes",
      {
        ...base,
        content: [
          chapter(),
          chapter({ chapterNumber: 2, chapterName: "Noise" }),
          chapter({ chapterNumber: 10, chapterName: "Last" }),
        ],
      },
      ["chapter 10 'Last' added"],
    ],
    [
      "a section that comes",
      {
        ...base,
        content: [chapter({ sections: [section()] }), chapter({ chapterNumber: 2, chapterName: "Noise" })],
      },
      ["chapter 1 'Entanglement' section 1.1 'Bell pairs' added"],
    ],
    [
      "the order",
      { ...base, content: [chapter({ chapterNumber: 2, chapterName: "Noise" }), chapter()] },
      ["order of chapters and sections changed"],
    ],
  ])("name %s", async (_, content, expected) => {
    const before = await read(await writeArticle({ "course.json": base }));
    const after = await read(await writeArticle({ "course.json": content }));
    expect(describeChanges(before.parts, after.parts)).toEqual(expected);
    expect(before.fingerprint === after.fingerprint).toBe(expected.length === 0);
  });

  const labels = fc.constantFrom(
    "metadata tags",
    "image a.png",
    "chapter 1 'A' notebook",
    "chapter 1 'A' settings",
    "chapter 2 'B notebook' notebook",
    "order of chapters and sections",
  );
  const parts = fc.dictionary(labels, fc.constantFrom("sha256:0", "sha256:1"));
  it("are reported exactly where the parts differ, each by its subject", () => {
    fc.assert(
      fc.property(parts, parts, (before, after) => {
        const described = describeChanges(before, after);
        const differing = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
          (label) => before[label] !== after[label],
        );
        expect(described.length === 0).toBe(differing.length === 0);
        for (const label of differing.filter((name) => !name.startsWith("order"))) {
          const subject = label.replace(/^(chapter .*) (notebook|settings)$/, "$1");
          expect(described.some((sentence) => sentence.startsWith(subject))).toBe(true);
        }
      }),
    );
  });
});

/** The same JSON value with the keys of every object in another order. */
function shuffled(value: unknown, order: fc.Stream<number>): unknown {
  if (Array.isArray(value)) return value.map((item) => shuffled(item, order));
  if (typeof value !== "object" || value === null) return value;
  const keyed = Object.entries(value).map(([key, inner]) => ({
    rank: order.next().value ?? 0,
    key,
    inner: shuffled(inner, order),
  }));
  return Object.fromEntries(keyed.sort((a, b) => a.rank - b.rank).map(({ key, inner }) => [key, inner]));
}
