import { mkdir, symlink, truncate, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { readArticle } from "../read.ts";
import { chapter, course, section, writeArticle } from "../testing/articles.ts";
import { briefly, certificate, KERNELS, problemsOf } from "../testing/course-problems.ts";
import type { ArticleKind } from "../types.ts";

const without = (key: string) =>
  Object.fromEntries(Object.entries(course()).filter(([name]) => name !== key));

describe("course.json is refused for", () => {
  it.each<[string, string | object, string[], ArticleKind?]>([
    ["text that is no JSON", "{ not json", ["error invalid-json -"]],
    ["an empty file", "", ["error invalid-json -"]],
    ["a comment", '{"courseName": "a" /* b */}', ["error invalid-json -"]],
    ["a byte order mark", `\ufeff${JSON.stringify(course())}`, ["error invalid-json -"]],
    ["a list", "[]", ["error wrong-type -"]],
    ["a missing field", without("visibility"), ["error missing-field visibility"]],
    ["a field of another type", course({ tags: "qubits" }), ["error wrong-type tags"]],
    [
      "a number in words",
      course({ content: [chapter({ chapterNumber: "one" })] }),
      ["error wrong-type content[0].chapterNumber"],
    ],
    [
      "sections that are a text",
      course({ content: [chapter({ sections: "none" })] }),
      ["error wrong-type content[0].sections"],
    ],
    ["a misspelt field", course({ certificateSetting: {} }), ["error unknown-key certificateSetting"]],
    [
      "a misspelt field of a chapter",
      course({ content: [chapter({ section: [] })] }),
      ["error unknown-key content[0].section"],
    ],
    ["a chapter that is null", course({ content: [null] }), ["error wrong-type content[0]"]],
    ["content that is null", course({ content: null }), ["error wrong-type content"]],
    ["an unknown key", course({ courseNam: "x" }), ["error unknown-key courseNam"]],
    [
      "an unknown key of a section",
      course({ content: [chapter({ sections: [section({ kernelID: "x" })] })] }),
      ["error unknown-key content[0].sections[0].kernelID"],
    ],
    ["a repeated key", '{"tags": [], "tags": []', ["error invalid-json -"]],
    ["an empty name", course({ courseName: " " }), ["error empty-field courseName"]],
    ["an empty visibility", course({ visibility: "" }), ["error empty-field visibility"]],
    ["no deployment target", course({ deployedTo: [] }), ["error no-deployment-target deployedTo"]],
    [
      "an unknown deployment target",
      course({ deployedTo: ["qbraid.org"] }),
      ["error unknown-deployment-target deployedTo[0]"],
    ],
    [
      "a completion above 100",
      certificate(true, "completion", 101),
      ["error certificate-rule certificateSettings.criteria.value"],
    ],
    [
      "a negative value",
      certificate(true, "points", -1),
      ["error certificate-rule certificateSettings.criteria.value"],
    ],
    [
      "criteria of certificates that are off",
      certificate(false, "points", 10),
      ["error certificate-rule certificateSettings.criteria"],
    ],
    [
      "another criterion",
      certificate(true, "grades", 10),
      ["error certificate-rule certificateSettings.criteria.type"],
    ],
    [
      "a blog with certificates",
      certificate(true, "points", 10),
      ["error certificate-on-blog certificateSettings"],
      "blog",
    ],
    [
      "a kernel that nothing declares",
      course({ content: [chapter({ kernelId: "qubits" })] }),
      ["error undeclared-kernel content[0].kernelId"],
    ],
    [
      "an empty kernel",
      course({ content: [chapter({ kernelId: "" })] }),
      ["error undeclared-kernel content[0].kernelId"],
    ],
    [
      "a blank kernel of a section",
      course({ content: [chapter({ sections: [section({ kernelId: " " })] })] }),
      ["error undeclared-kernel content[0].sections[0].kernelId"],
    ],
    [
      "a missing notebook",
      course({ content: [chapter({ baseFilePath: "two.ipynb" })] }),
      ["error missing-file content[0].baseFilePath"],
    ],
    [
      "a folder as notebook",
      course({ content: [chapter({ baseFilePath: "." })] }),
      ["error not-a-file content[0].baseFilePath"],
    ],
    [
      "a path out of the folder",
      course({ content: [chapter({ baseFilePath: "../outside.ipynb" })] }),
      ["error path-outside content[0].baseFilePath"],
    ],
    [
      "a path out and in again by another name",
      course({ content: [chapter({ baseFilePath: "../states2/one.ipynb" })] }),
      ["error path-outside content[0].baseFilePath"],
    ],
    [
      "an absolute path",
      course({ content: [chapter({ baseFilePath: "/etc/passwd" })] }),
      ["error path-outside content[0].baseFilePath"],
    ],
    [
      "a path of Windows",
      course({ content: [chapter({ baseFilePath: "C:one.ipynb" })] }),
      ["error path-outside content[0].baseFilePath"],
    ],
    [
      "a backslash",
      course({ content: [chapter({ baseFilePath: "notebooks\\one.ipynb" })] }),
      ["error path-outside content[0].baseFilePath"],
    ],
    [
      "a NUL",
      course({ content: [chapter({ baseFilePath: "one\0.ipynb" })] }),
      ["error path-outside content[0].baseFilePath"],
    ],
    [
      "a missing logo",
      course({ imageLink: { darkLogo: "dark.png", lightLogo: "" } }),
      ["error missing-file imageLink.darkLogo"],
    ],
  ])("%s", async (_, content, expected, kind) => {
    const problems = await problemsOf({ "course.json": content }, kind);
    expect(problems.map(({ code, severity, path }) => `${severity} ${code} ${path ?? "-"}`)).toEqual(
      expected,
    );
    for (const { message, remedy, file, line, column } of problems) {
      expect(file).toBe("course.json");
      expect(line).toBeGreaterThan(0);
      expect(column).toBeGreaterThan(0);
      expect(`${message}${remedy}`).not.toMatch(/undefined|NaN|\[object/);
    }
  });

  it("a key written twice", async () => {
    const content = JSON.stringify(course()).replace('"tags":', '"tags":[],"tags":');
    expect(await briefly({ "course.json": content })).toEqual(["error repeated-key tags"]);
  });

  it("not being there", async () => {
    expect(await briefly({ "course.json": null })).toEqual(["error no-course-json -"]);
  });

  it("a notebook above 5 MiB and a logo above 15 MiB", async () => {
    const folder = await writeArticle();
    await truncate(join(folder, "one.ipynb"), 5 * 1024 * 1024 + 1);
    await truncate(join(folder, "logo.png"), 15 * 1024 * 1024 + 1);
    const { problems } = await readArticle(folder, "course");
    expect(problems.map(({ code, path }) => `${code} ${path}`)).toEqual([
      "file-too-large imageLink.lightLogo",
      "file-too-large content[0].baseFilePath",
    ]);
    expect(problems[1]?.message).toBe("one.ipynb has 5.1 MiB, and the platform accepts at most 5 MiB");
  });

  it("links that leave the folder, of a file, of a folder between, and of course.json itself", async () => {
    const folder = await writeArticle({
      "one.ipynb": null,
      "course.json": course({
        content: [chapter(), chapter({ chapterNumber: 2, baseFilePath: "shared/two.ipynb" })],
      }),
    });
    const elsewhere = join(dirname(folder), "elsewhere");
    await mkdir(elsewhere);
    await writeFile(join(elsewhere, "two.ipynb"), "{}");
    await symlink(join(elsewhere, "two.ipynb"), join(folder, "one.ipynb"));
    await symlink(elsewhere, join(folder, "shared"));
    const { problems } = await readArticle(folder, "course");
    expect(problems.map(({ code, path }) => `${code} ${path}`)).toEqual([
      "path-outside content[0].baseFilePath",
      "path-outside content[1].baseFilePath",
    ]);
    const linked = await writeArticle({ "course.json": null });
    await symlink(join(folder, "course.json"), join(linked, "course.json"));
    expect((await readArticle(linked, "course")).problems).toMatchObject([
      { code: "path-outside", remedy: "Put course.json itself into the folder, not a link" },
    ]);
  });
});

describe("course.json is warned about for", () => {
  it.each([
    ["an unusual visibility", course({ visibility: "unlisted" }), ["warning unusual-visibility visibility"]],
    [
      "a repeated chapter number",
      course({ content: [chapter(), chapter()] }),
      ["warning repeated-chapter-number content[1].chapterNumber"],
    ],
    [
      "a repeated section number",
      course({ content: [chapter({ sections: [section(), section()] })] }),
      ["warning repeated-section-number content[0].sections[1].sectionNumber"],
    ],
    ["no chapters", course({ content: [] }), ["warning no-chapters content"]],
    [
      "a logo that is elsewhere",
      course({ imageLink: { darkLogo: "https://example.org/a.png", lightLogo: "" } }),
      ["warning remote-logo imageLink.darkLogo"],
    ],
  ])("%s, and may still be deployed", async (_, content, expected) => {
    const folder = await writeArticle({ "course.json": content });
    const { article, problems } = await readArticle(folder, "course", { declaredKernels: KERNELS });
    expect(problems.map(({ code, severity, path }) => `${severity} ${code} ${path}`)).toEqual(expected);
    expect(article).toBeDefined();
  });
});
