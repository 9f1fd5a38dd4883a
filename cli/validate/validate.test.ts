import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { cachedDataVersionTag } from "node:v8";
import { describe, expect, it } from "vitest";
import { checkArticles } from "../../components/article/source/check-many.ts";
import {
  chapter,
  course,
  markdownCell,
  notebook,
  PIXEL,
  writeArticle,
  writeFiles,
} from "../../components/article/source/testing/articles.ts";
import { type Printer, type ValidateOptions, validate } from "./validate.ts";

const GOOD = { "course.json": course(), "one.ipynb": notebook([markdownCell("# One")]), "logo.png": PIXEL };
const BAD = {
  ...GOOD,
  "one.ipynb": notebook([markdownCell("# One\n\n<script>alert('\u001b[31m')</script>\n\n![x](no.png)")]),
};

/** A catalog with a course, a blog with a fault, and a kernel. */
async function catalog(): Promise<string> {
  const root = join(dirname(await writeArticle()), "catalog");
  await writeFiles(join(root, "courses", "good"), GOOD);
  await writeFiles(join(root, "blogs", "bad"), BAD);
  await writeFiles(join(root, "kernels", "qubits"), {
    "kernel.yaml": "# A kernel\ndisplay_name: Qubits\nlanguage: python\nimage: lectern/qubits:2026.1\n",
  });
  return root;
}

async function run(dirs: string[], options: ValidateOptions = {}, pretty = false, colours = true) {
  let out = "";
  let err = "";
  const printer: Printer = { out: (text) => (out += text), err: (text) => (err += text), pretty, colours };
  return { code: await validate(dirs, options, printer), out, err };
}

describe("lectern validate", () => {
  it("exits with 0 if there are no problems, and finds articles and kernels in a catalog", async () => {
    const { code, out } = await run([join(await catalog(), "courses")]);
    expect(out).toMatch(/^1 article checked, no problems found \(\d\.\d\d s\)\n$/);
    expect(code).toBe(0);
  });

  it("exits with 1 if there are, with one line per problem in a pipe", async () => {
    const root = await catalog();
    const { code, out } = await run([root]);
    expect(code).toBe(1);
    const lines = out.trimEnd().split("\n");
    expect(lines[0]).toContain(`${join(root, "blogs", "bad")}/one.ipynb:`);
    expect(lines[0]).toMatch(/^error: .*cells\[0\]\.source: Cell 1 has a script\. .* \[active-content\]$/);
    expect(lines[1]).toContain("[missing-image]");
    expect(lines.at(-1)).toMatch(/^2 articles and 1 kernel checked, 2 errors in 1 of them/);
  });

  it("checks how a course's notebooks are proven, as its lecture.yaml says", async () => {
    const root = await catalog();
    await writeFiles(join(root, "courses", "good"), { "lecture.yaml": "timeout: 60\nfiles: [data.csv]\n" });
    const { code, out } = await run([join(root, "courses")]);
    expect(code).toBe(1);
    expect(out).toContain('good/lecture.yaml:2:9 files[0]: "data.csv" is no file of the course');
  });

  it("prints one JSON document with articles and a summary", async () => {
    const root = await catalog();
    const { code, out } = await run([root], { json: true });
    const { articles, summary } = JSON.parse(out);
    expect(code).toBe(1);
    expect(articles.map(({ kind, slug }: { kind: string; slug: string }) => `${kind}/${slug}`)).toEqual([
      "blog/bad",
      "course/good",
    ]);
    expect(articles[0]).toMatchObject({ folder: join(root, "blogs", "bad"), fingerprint: null });
    expect(articles[0].problems[0]).toMatchObject({
      code: "active-content",
      severity: "error",
      file: "one.ipynb",
      path: "cells[0].source",
    });
    expect(articles[1].fingerprint).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(summary).toMatchObject({ articles: 2, declarations: 1, errors: 2, warnings: 0, notes: [] });
  });

  it("groups by file for a terminal, with the offending text, and lets no file control the terminal", async () => {
    const { out } = await run([await catalog()], {}, true);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with it
    const plain = out.replaceAll(/\u001b\[\d+m/g, "");
    expect(plain).toMatch(/✗ bad .*blogs\/bad\n {2}one\.ipynb\n/);
    expect(plain).toContain("Cell 1 has a script");
    expect(plain).toContain("│ <script>alert('");
    expect(plain).toContain("→ Remove it: readers' browsers would run it");
    expect(plain).toContain("✓ good");
    expect(plain).not.toContain("\u001b");
  });

  it.each([50, 80, 120])("breaks no word on a terminal of %i columns", async (columns) => {
    let out = "";
    const write = (text: string) => {
      out += text;
    };
    const printer = { out: write, err: () => undefined, pretty: true };
    const root = await catalog();
    await validate([root], {}, { ...printer, colours: false });
    const wide = out;
    out = "";
    await validate([root], {}, { ...printer, colours: false, columns });
    const words = (text: string) => text.replace(/\(\d.*/, "").split(/\s+/);
    expect(words(out)).toEqual(words(wide));
    const tooWide = out.split("\n").filter((line) => line.length > columns && /→| {2}✗ /.test(line));
    expect(tooWide).toEqual([]);
  });

  it("keeps the groups without colours", async () => {
    const { out } = await run([await catalog()], {}, true, false);
    expect(out).toMatch(/✗ bad .*blogs\/bad\n {2}one\.ipynb\n/);
    expect(out).not.toContain("\u001b");
  });

  it("skips what a deployment skips, unless it is named", async () => {
    const root = await catalog();
    const draft = join(root, "courses", "_draft");
    await writeFiles(draft, BAD);
    expect(await run([join(root, "courses")])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^1 article/),
    });
    expect(await run([draft])).toMatchObject({ code: 1, out: expect.stringContaining("[missing-image]") });
  });

  it("lets rules only warn", async () => {
    const { code, out } = await run([await catalog()], { warn: "active-content,missing-images" });
    expect(out).toContain("2 warnings in 1 of them");
    expect(code).toBe(0);
  });

  it("knows the kernels that a stack of the project names as hosted by the platform", async () => {
    const project = dirname(await writeArticle({}));
    const own = { ...GOOD, "course.json": course({ content: [chapter({ kernelId: "QBraid Python" })] }) };
    await writeFiles(join(project, "catalog", "courses", "own"), own);
    const validated = () => run([join(project, "catalog")]);
    expect((await validated()).out).toContain("note: kernelId was not checked");
    const file = "config:\n  lectern:externalKernels: [QBraid Python]\n";
    await writeFiles(project, { "Pulumi.prod.yaml": file, "Pulumi.staging.yaml": "config: [" });
    expect((await validated()).out).toMatch(/^1 article checked, no problems found/);
    await writeFiles(project, { "Pulumi.prod.yaml": file.replace("QBraid", "Other") });
    expect((await validated()).out).toContain("[undeclared-kernel]");
  });

  it("takes no folder for a catalog's kernels that only has their name", async () => {
    const project = dirname(await writeArticle({}));
    const own = { ...GOOD, "course.json": course({ content: [chapter({ kernelId: "Qubits" })] }) };
    await writeFiles(join(project, "drafts", "own"), own);
    await writeFiles(join(project, "kernels", "mine"), { "kernel.yaml": "display_name: Mine\n" });
    const { out } = await run([join(project, "drafts", "own")]);
    expect(out).toContain("note: kernelId was not checked, as no kernels are declared");
  });

  it("checks kernels against those that are named, and notes that none are", async () => {
    const folder = join(await catalog(), "courses", "good");
    expect((await run([folder], { kernels: "Other, Another" })).out).toContain("[undeclared-kernel]");
    expect((await run([folder], { kernels: "Qubits" })).code).toBe(0);
    const alone = await run([await writeArticle()]);
    expect(alone.out).toContain("note: kernelId was not checked, as no kernels are declared");
    expect(alone.code).toBe(0);
  });

  it("prints problems where GitHub shows them beside their line, too", async () => {
    const folder = await writeArticle({ "course.json": '{\n"courseName": 1}' });
    const { code, err } = await run([folder], { annotations: true });
    expect(code).toBe(1);
    // It is outside of this folder, so its whole path is shown.
    expect(`\n${err}`).toContain(`\n::error file=${folder}/course.json,line=2,col=15,title=courseName::`);
    expect((await run([folder])).err).toBe("");
  });

  it("reports a folder without course.json as an article that lacks it", async () => {
    const folder = await writeArticle({ "course.json": null });
    const { code, out } = await run([folder], { json: true });
    const [{ problems }] = JSON.parse(out).articles;
    expect(problems).toMatchObject([{ code: "no-course-json", file: "course.json" }]);
    // The comment on a pull request has it, and where CI has its checkout is nobody's business.
    expect(JSON.stringify(problems)).not.toContain(folder);
    expect(code).toBe(1);
  });

  it.each<[string, string[], ValidateOptions, string]>([
    ["a folder that isn't there", ["/no/such/folder"], {}, "is not a folder"],
    ["an unknown rule", ["."], { warn: "spelling" }, 'unknown rule "spelling" in --warn'],
  ])("ends with 2 for %s", async (_, dirs, options, said) => {
    const { code, out, err } = await run(dirs, options);
    expect(code).toBe(2);
    expect(out).toBe("");
    expect(err).toContain(said);
  });

  it("runs from the shell with the same exit codes", async () => {
    const root = await catalog();
    const shell = (...args: string[]) => {
      const command = [join(import.meta.dirname, "../lectern.mjs"), "validate", ...args];
      const { status, stdout } = spawnSync(process.execPath, command, { encoding: "utf8" });
      return { status, stdout };
    };
    expect(shell(join(root, "courses"))).toMatchObject({ status: 0 });
    expect(shell(root, "--json").status).toBe(1);
    expect(shell().status).toBe(2);
    expect(shell(root, "--wran", "x").status).toBe(2);
  });
});

describe("many articles", () => {
  it("leave V8's flags as they are: code that was compiled under others is compiled again", async () => {
    const folder = join(await catalog(), "courses/good");
    const places = Array.from({ length: 8 }, () => ({ folder, kind: "course" as const }));
    const before = cachedDataVersionTag();
    await Array.fromAsync(checkArticles(places, {}, { threads: 2, patience: 0 }));
    expect(cachedDataVersionTag()).toBe(before);
  });

  it("give the same verdicts in the same order, whether threads check them or not", async () => {
    const root = await catalog();
    const folders = ["courses/good", "blogs/bad", "courses/none"].map((name) => join(root, name));
    const places = Array.from({ length: 40 }, (_, index) => ({
      folder: folders[index % 3] ?? "",
      kind: "course" as const,
    }));
    const here = await Array.fromAsync(checkArticles(places, {}, { threads: 1 }));
    const there = await Array.fromAsync(checkArticles(places, {}, { threads: 3, patience: 0 }));
    expect(there).toEqual(here);
    expect(here.map(({ problems }) => problems.length).slice(0, 3)).toEqual([0, 2, 1]);
  });
});
