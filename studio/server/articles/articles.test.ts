import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  chapter,
  course,
  markdownCell,
  notebook,
  PIXEL,
  section,
} from "../../../components/article/source/testing/articles.ts";
import { trialStudio } from "../testing/trial-studio.ts";

const SCRIPT = "<script>globalThis.attacked = true</script>";
const sections = [section({ baseFilePath: "sub/two.ipynb" }), section({ baseFilePath: 7 })];
const STATES = {
  "catalog/courses/states/course.json": JSON.stringify(course({ content: [chapter({ sections })] })),
  "catalog/courses/states/one.ipynb": JSON.stringify(
    notebook([markdownCell(`# One ${SCRIPT}\n\n![Logo](logo.png) $x^2$`)]),
  ),
  "catalog/courses/states/sub/two.ipynb": "{",
  "catalog/courses/states/logo.png": PIXEL,
  "catalog/courses/states/notes.txt": "not for the page",
  "catalog/courses/states/other.ipynb": "{}",
};

it("an article is listed with its title and the problems that `lectern validate` reports", async () => {
  const { asAda } = await trialStudio({
    "catalog/courses/dice/course.json": JSON.stringify({
      courseName: "Dice",
      courseDescription: 7,
      content: [],
    }),
    "catalog/blogs/broken/course.json": "{",
    "catalog/blogs/_draft/course.json": "{",
  });
  const { articles } = (await asAda("/api/articles")).json();
  expect(articles).toMatchObject([
    { kind: "course", slug: "dice", title: "Dice" },
    { kind: "blog", slug: "broken", problems: [{ severity: "error", file: "course.json", line: 1 }] },
  ]);
  expect(articles[0].problems).toContainEqual(expect.objectContaining({ path: "courseDescription" }));
  expect(articles[1]).not.toHaveProperty("title");
});

it("a catalog without articles has an empty list", async () => {
  const { asAda } = await trialStudio();
  expect((await asAda("/api/articles")).json()).toEqual({ articles: [], notes: [] });
});

it("one article has its chapters and sections in reading order", async () => {
  const { asAda } = await trialStudio(STATES);
  expect((await asAda("/api/articles/course/states")).json()).toMatchObject({
    title: "Quantum states",
    description: "From one qubit to two",
    lessons: [
      { title: "Entanglement", level: "chapter", notebook: "one.ipynb" },
      { title: "Bell pairs", level: "section", notebook: "sub/two.ipynb" },
      { title: "Bell pairs", level: "section" },
    ],
  });
});

describe("a notebook", () => {
  it("is a document of its own in which nothing acts, with images and formulas", async () => {
    const { asAda } = await trialStudio(STATES, { base: "/services/lectern/" });
    const { statusCode, body, headers } = await asAda(
      "/services/lectern/api/articles/course/states/notebook/0",
    );
    expect(statusCode).toBe(200);
    expect(body).toContain('src="/services/lectern/api/articles/course/states/files/logo.png"');
    expect(body).toContain('class="katex"');
    expect(body).not.toContain("<script");
    const policy = String(headers["content-security-policy"]);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain("script-src");
    expect(policy).toMatch(/sandbox (?!.*allow-scripts)/);
    for (const [, path = ""] of body.matchAll(/(?:href|src)="(\/[^"]+)"/g)) {
      expect((await asAda(path)).statusCode, path).toBe(200);
    }
  });

  it.each([
    ["1", 422, "not-json"],
    ["2", 404, "missing-file"],
    ["9", 404, "missing-file"],
    ["-1", 400, "invalid-value"],
    ["one.ipynb", 400, "wrong-type"],
  ])("%s is refused with the reason", async (index, status, code) => {
    const { asAda } = await trialStudio(STATES);
    const { statusCode, body } = await asAda(`/api/articles/course/states/notebook/${index}`);
    expect([statusCode, JSON.parse(body).problems[0].code]).toEqual([status, code]);
  });
});

describe("nothing outside an article is served", () => {
  it.each([
    "course/states/files/../../../../Pulumi.yaml",
    "course/states/files/..%2f..%2f..%2f..%2fsecret.png",
    "course/states/files/%2e%2e/%2e%2e/secret.png",
    "course/states/files//etc/secret.png",
    "course/states/files/linked.png",
    "course/states/files/notes.txt",
    "course/states/files/course.json",
    "course/states/files/logo.png%00.txt",
    "course/..%2f..%2f..%2f/files/secret.png",
    "course/away/files/secret.png",
    "course/_draft/files/secret.png",
    "course/.git/files/secret.png",
    "kernel/states/files/secret.png",
  ])("at %s", async (path) => {
    const { asAda, root } = await trialStudio({ ...STATES, "secret.png": PIXEL, "out/course.json": "{}" });
    mkdirSync(join(root, "catalog/courses/_draft"));
    writeFileSync(join(root, "catalog/courses/_draft/secret.png"), PIXEL);
    writeFileSync(join(root, "out/secret.png"), PIXEL);
    symlinkSync(join(root, "out"), join(root, "catalog/courses/away"));
    symlinkSync(join(root, "secret.png"), join(root, "catalog/courses/states/linked.png"));
    const { statusCode, body } = await asAda(`/api/articles/${path}`);
    expect(statusCode).toBeGreaterThanOrEqual(400);
    expect(statusCode).toBeLessThan(500);
    expect(body).not.toContain(root);
  });

  it.each(["../package.json", "%2e%2e/package.json", "katex/package.json", "katex/../package.json", ""])(
    "and of the frames' files not %s",
    async (name) => {
      const { asAda } = await trialStudio();
      expect((await asAda(`/api/article-assets/${name}`)).statusCode).toBe(404);
    },
  );
});
