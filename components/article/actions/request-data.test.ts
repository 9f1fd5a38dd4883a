import { describe, expect, test } from "vitest";
import { fingerprintArticle } from "../source/fingerprint.ts";
import { chapter, course, section, writeArticle } from "../source/testing/articles.ts";
import { requestData } from "./request-data.ts";

const lesson = { kernelName: "", kernelId: "" };
const noise = { sectionName: "A", baseFilePath: "two/a.ipynb", ...lesson };
const data = {
  courseName: "Bell",
  visibility: "public",
  imageLink: { darkLogo: "./logo dark.png", lightLogo: "" },
  tags: ["a"],
  content: [
    { chapterName: "One", baseFilePath: "one/intro.ipynb", ...lesson },
    {
      chapterName: "Two",
      baseFilePath: "./two.ipynb",
      ...lesson,
      sections: [noise],
    },
  ],
};
const article = { title: "Bell", data };

describe("what qBook is sent", () => {
  test("has its paths from the repository's root, and all else as in the file", () => {
    const sent = requestData(article, "catalog/courses/bell", {});
    expect(sent).toEqual({
      ...data,
      imageLink: { darkLogo: "catalog/courses/bell/logo dark.png", lightLogo: "" },
      content: [
        { ...data.content[0], baseFilePath: "catalog/courses/bell/one/intro.ipynb" },
        {
          ...data.content[1],
          baseFilePath: "catalog/courses/bell/two.ipynb",
          sections: [{ ...noise, baseFilePath: "catalog/courses/bell/two/a.ipynb" }],
        },
      ],
    });
    expect(data.content[1]?.baseFilePath).toBe("./two.ipynb");
  });

  test("keeps its paths where the article is the repository, and a logo's address", () => {
    const logo = { darkLogo: "https://example.org/a.png", lightLogo: "b.png" };
    const sent = requestData({ title: "Bell", data: { ...data, imageLink: logo } }, ".", {});
    expect(sent).toMatchObject({ imageLink: logo, content: [{ baseFilePath: "one/intro.ipynb" }, {}] });
  });

  test.each([
    ["x/../a.ipynb", "a.ipynb"],
    [".//one/./a.ipynb", "one/a.ipynb"],
    ["a.ipynb/", "a.ipynb"],
  ])("names %s as a clone can open it", (baseFilePath, path) => {
    const content = [{ ...data.content[0], baseFilePath }];
    for (const [base, root] of [
      [".", ""],
      ["courses/bell", "courses/bell/"],
    ] as const) {
      const sent = requestData({ title: "Bell", data: { ...data, content } }, base, {});
      expect(sent).toMatchObject({ content: [{ baseFilePath: `${root}${path}` }] });
    }
  });

  test("follows the stack's title prefix and visibility", () => {
    const sent = requestData(article, ".", { titlePrefix: "[staging] ", visibility: "private" });
    expect(sent).toMatchObject({ courseName: "[staging] Bell", visibility: "private" });
  });

  test("spells chapters' and sections' numbers as the file does: 1.10 comes after 1.9", async () => {
    const sections = [section(), section({ sectionNumber: 9 })];
    const text = JSON.stringify(course({ content: [chapter({ sections }), chapter({ chapterNumber: 8 })] }))
      .replace('"sectionNumber":9', '"sectionNumber":1.10')
      .replace('"chapterNumber":8', '"chapterNumber":2.0');
    const { article } = await fingerprintArticle(await writeArticle({ "course.json": text }), "course");
    const sent = JSON.stringify(article && requestData(article, ".", {}));
    const numbers = [...sent.matchAll(/"(?:chapter|section)Number":([^,}]+)/g)].map(([, number]) => number);
    expect(numbers).toEqual(["1", "1.1", "1.10", "2.0"]);
  });
});
