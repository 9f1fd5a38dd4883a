import { mkdir, symlink, truncate, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { readArticle } from "../read.ts";
import { chapter, course, type Files, PIXEL, section, writeArticle } from "../testing/articles.ts";
import type { ArticleKind } from "../types.ts";

const KERNELS = new Set(["Qubits", "Qubits GPU"]);

async function problemsOf(files: Files, kind: ArticleKind = "course") {
  return (await readArticle(await writeArticle(files), kind, { declaredKernels: KERNELS })).problems;
}

async function briefly(files: Files, kind: ArticleKind = "course") {
  return (await problemsOf(files, kind)).map(
    ({ code, severity, path }) => `${severity} ${code} ${path ?? "-"}`,
  );
}

const without = (key: string) =>
  Object.fromEntries(Object.entries(course()).filter(([name]) => name !== key));
const certificate = (enabled: boolean, type: string, value: unknown) =>
  course({ certificateSettings: { enabled, criteria: { type, value } } });

describe("course.json that is nested too deeply to be read", () => {
  it.each([501, 20_000, 1_000_000])("is reported, with %i levels", async (levels) => {
    const text = `{"tags":${"[".repeat(levels)}${"]".repeat(levels)}}`;
    const { article, problems } = await readArticle(await writeArticle({ "course.json": text }), "course");
    expect(article).toBeUndefined();
    expect(problems).toMatchObject([
      {
        code: "invalid-json",
        line: 1,
        column: 508,
        message: expect.stringContaining("more than 500 objects or lists"),
      },
    ]);
  });

  it("is not one with as many brackets side by side or in a string", async () => {
    const tags = ["[".repeat(2000), '\\"[{'.repeat(900), ...Array.from({ length: 900 }, () => "[]")];
    expect(
      (await readArticle(await writeArticle({ "course.json": course({ tags }) }), "course")).problems,
    ).toEqual([]);
  });
});

describe("a right article", () => {
  it("is read with its title, kernels, parts and data", async () => {
    const folder = await writeArticle();
    const { article, problems } = await readArticle(folder, "course", { declaredKernels: KERNELS });
    expect(problems).toEqual([]);
    expect(article).toMatchObject({
      kind: "course",
      slug: "states",
      folder,
      title: "Quantum states",
      kernels: ["Qubits"],
    });
    expect(article?.data).toEqual(course());
    expect(Object.keys(article?.parts ?? {})).toContain("chapter 1 'Entanglement' notebook");
    expect(Object.keys(article?.parts ?? {})).toContain("image logo.png");
  });

  it.each([
    ["certificates by completion", certificate(true, "completion", 80)],
    ["certificates by points above 100", certificate(true, "points", 250)],
    ["certificates that are off", certificate(false, "completion", 100)],
    ["no sections", course({ content: [chapter({ sections: [] })] })],
    ["a path that begins with ./", course({ content: [chapter({ baseFilePath: "./one.ipynb" })] })],
    [
      "1.10 beside 1.1",
      JSON.stringify(
        course({ content: [chapter({ sections: [section(), section({ sectionNumber: 9 })] })] }),
      ).replace('"sectionNumber":9', '"sectionNumber":1.10'),
    ],
    [
      "the same section number in two chapters",
      course({
        content: [chapter({ sections: [section()] }), chapter({ chapterNumber: 2, sections: [section()] })],
      }),
    ],
  ])("may have %s", async (_, content) => {
    expect(await problemsOf({ "course.json": content })).toEqual([]);
  });
});

it("an empty kernelId is fine where no kernels are declared, and names none", async () => {
  const folder = await writeArticle({ "course.json": course({ content: [chapter({ kernelId: "" })] }) });
  for (const options of [{}, { declaredKernels: new Set<string>() }]) {
    const { article, problems } = await readArticle(folder, "course", options);
    expect(problems).toEqual([]);
    expect(article?.kernels).toEqual([]);
  }
});

describe("what qBraid's deploy action accepts", () => {
  const lenient = course({
    author: "An author",
    courseId: 7,
    imageLink: { darkLogo: "", lightLogo: "", alt: "none" },
    content: [
      chapter({ chapterNumber: "1.10", description: "First", sections: [section({ sectionNumber: " 1 " })] }),
      chapter({ chapterNumber: 2, sections: null }),
    ],
  });
  const usual = course({
    imageLink: { darkLogo: "", lightLogo: "" },
    content: [
      chapter({ chapterNumber: 110, sections: [section({ sectionNumber: 1 })] }),
      chapter({ chapterNumber: 2 }),
    ],
  });
  const asWritten = JSON.stringify(usual).replace('"chapterNumber":110', '"chapterNumber":1.10');

  it("is accepted, with a warning at each place", async () => {
    expect(await briefly({ "course.json": lenient })).toEqual([
      "warning ignored-key author",
      "warning ignored-key courseId",
      "warning ignored-key imageLink.alt",
      "warning number-in-quotes content[0].chapterNumber",
      "warning ignored-key content[0].description",
      "warning number-in-quotes content[0].sections[0].sectionNumber",
      "warning null-sections content[1].sections",
    ]);
    const [author] = await problemsOf({ "course.json": lenient });
    expect(author?.message).toBe(
      '"author" is not a field of course.json; qBook ignores it, and it is not sent',
    );
  });

  it("is sent as it is meant, and is no other content than what is written so", async () => {
    const [one, two] = [
      await writeArticle({ "course.json": lenient }),
      await writeArticle({ "course.json": asWritten }),
    ];
    const [left, right] = [await readArticle(one, "course"), await readArticle(two, "course")];
    expect(JSON.stringify(left.article?.data)).toBe(JSON.stringify(right.article?.data));
    expect(JSON.stringify(left.article?.data)).toContain('"chapterNumber":1.10');
    expect(left.article?.parts).toEqual(right.article?.parts);
    expect(left.article?.fingerprint).toBe(right.article?.fingerprint);
  });
});

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

describe("what is reported", () => {
  it("names everything at once, in a broken shape too", async () => {
    const content = course({
      courseName: 7,
      visability: "public",
      visibility: "open",
      deployedTo: ["qbraid.con"],
      content: [
        chapter({ kernelId: "qubitz", baseFilePath: "../a.ipynb", sections: 5 }),
        chapter({ sections: [section({ baseFilePath: "nowhere.ipynb" }), section(), section()] }),
      ],
    });
    expect((await briefly({ "course.json": content })).sort()).toEqual([
      "error missing-file content[1].sections[0].baseFilePath",
      "error path-outside content[0].baseFilePath",
      "error undeclared-kernel content[0].kernelId",
      "error unknown-deployment-target deployedTo[0]",
      "error unknown-key visability",
      "error wrong-type content[0].sections",
      "error wrong-type courseName",
      "warning repeated-chapter-number content[1].chapterNumber",
      "warning repeated-section-number content[1].sections[1].sectionNumber",
      "warning repeated-section-number content[1].sections[2].sectionNumber",
      "warning unusual-visibility visibility",
    ]);
  });

  it.each([
    [
      "courses/states/one.ipynb",
      'Write "one.ipynb": paths start at the folder of course.json, not of the repository',
    ],
    [
      "./deep/courses/states/one.ipynb",
      'Write "one.ipynb": paths start at the folder of course.json, not of the repository',
    ],
    ["two.ipynb", "Add the file, or correct the path, which starts at the folder of course.json"],
  ])("says where paths start for a notebook %s that is not there", async (baseFilePath, remedy) => {
    const [problem] = await problemsOf({ "course.json": course({ content: [chapter({ baseFilePath })] }) });
    expect(problem).toMatchObject({ code: "missing-file", remedy });
  });

  it("says how a kernel of qBraid's own is named", async () => {
    const remedyFor = async (kernelId: string, declaredKernels: ReadonlySet<string>) => {
      const folder = await writeArticle({ "course.json": course({ content: [chapter({ kernelId })] }) });
      return (await readArticle(folder, "course", { declaredKernels })).problems[0]?.remedy;
    };
    const hosted = "if qBraid hosts it, add its display name to lectern:externalKernels";
    expect(await remedyFor("QBraid Python", new Set())).toBe(
      `Declare it below kernels/ in the catalog; ${hosted}`,
    );
    expect(await remedyFor("QBraid Python", KERNELS)).toBe(
      `Use one of "Qubits", "Qubits GPU", or declare it below kernels/ in the catalog; ${hosted}`,
    );
    expect(await remedyFor("qubits", KERNELS)).toBe(
      `Did you mean "Qubits" or "Qubits GPU"? If not, declare it below kernels/ in the catalog; ${hosted}`,
    );
  });

  it("has the line, the column, the text there, and a near name", async () => {
    const text = JSON.stringify(course({ visibilty: "public" }), null, 2);
    const line = text.split("\n").findIndex((written) => written.includes("visibilty")) + 1;
    const [problem] = await problemsOf({ "course.json": text });
    expect(problem).toMatchObject({
      line,
      column: 3,
      snippet: '"visibilty": "public"',
      remedy: 'Did you mean "visibility"?',
    });
  });

  it("points at the place where JSON breaks", async () => {
    const [problem] = await problemsOf({ "course.json": '{\n  "courseName": "a",\n  "tags": [,]\n}' });
    expect(problem).toMatchObject({ code: "invalid-json", line: 3 });
  });

  it("never holds a secret that is in course.json", async () => {
    const secret = `ghp_${"aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA2cD4"}`;
    const content = course({ visibility: secret, courseDescription: `token ${secret}`, [secret]: 1 });
    const problems = await problemsOf({ "course.json": content });
    expect(problems.map(({ code }) => code)).toContain("credential");
    expect(JSON.stringify(problems)).not.toContain(secret);
  });

  it("keeps the logo's bytes in the fingerprint", async () => {
    const one = await readArticle(await writeArticle(), "course");
    const two = await readArticle(
      await writeArticle({ "logo.png": Buffer.concat([PIXEL, PIXEL]) }),
      "course",
    );
    expect(one.article?.fingerprint).not.toBe(two.article?.fingerprint);
  });
});
