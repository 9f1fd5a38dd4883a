import { describe, expect, it } from "vitest";
import { readArticle } from "../read.ts";
import { chapter, course, PIXEL, section, writeArticle } from "../testing/articles.ts";
import { briefly, certificate, KERNELS, problemsOf } from "../testing/course-problems.ts";

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
