import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { capturePrinted, temporaryFolder } from "../testing/command-test.ts";
import { comment } from "./comment.ts";
import type { CommentOptions } from "./options.ts";

const folder = temporaryFolder("comment");
const { out, err } = capturePrinted();
afterEach(() => void vi.unstubAllEnvs());

function file(path: string, content: unknown): string {
  const whole = join(folder, path);
  mkdirSync(dirname(whole), { recursive: true });
  writeFileSync(whole, typeof content === "string" ? content : JSON.stringify(content));
  return whole;
}
const run = (options: Partial<CommentOptions>) => comment({ preview: [], credentials: true, ...options });

const ARTICLE = "urn:pulumi:staging::lectern::x:y/lectern:Article::bell";
const COURSE = "urn:pulumi:staging::lectern::lectern:article:Course::bell";
const PREVIEW = {
  steps: [
    { op: "same", urn: COURSE, oldState: {}, newState: {} },
    {
      op: "update",
      urn: ARTICLE,
      oldState: { parent: COURSE, inputs: { fingerprint: "canary-1" } },
      newState: { parent: COURSE, inputs: { fingerprint: "canary-2" } },
    },
  ],
  changeSummary: { same: 1, update: 1 },
};

/** A catalog with one course of one notebook. */
function catalog(name: string, source: string): string {
  file(`${name}/courses/bell/course.json`, {
    courseName: "Bell states",
    content: [{ chapterName: "One", chapterNumber: 1, baseFilePath: "1.ipynb" }],
  });
  file(`${name}/courses/bell/1.ipynb`, { cells: [{ cell_type: "markdown", id: "a", source }] });
  return join(folder, name);
}

describe("lectern comment", () => {
  it("prints the comment, with what differs between two catalogs", async () => {
    const staging = `staging=${file("staging.json", PREVIEW)}`;
    const [base, head] = [catalog("base", "# One"), catalog("head", "# Two")];
    expect(await run({ preview: [staging], base, head })).toBe(0);
    expect(out.join("")).toContain("course **Bell states** | chapter 1 'One': 1 cell changed | staging |");
  });

  it("writes comment, whole text and artifact, and no value of a state into any of them", async () => {
    const artifact = join(folder, "artifact");
    const [output, whole] = [join(artifact, "comment.md"), join(folder, "summary/whole.md")];
    const code = await run({
      preview: [`my-university/lectern/staging=${file("staging.json", PREVIEW)}`],
      ...{ base: catalog("base", "# One"), head: catalog("head", "# Two") },
      ...{ output, whole, artifact, json: true },
    });
    expect(code).toBe(0);
    const report = JSON.parse(out.join(""));
    expect(report).toMatchObject({ verdict: "Staging: 1 to update", digests: { staging: /^[0-9a-f]{64}$/ } });
    const files = ["comment.md", "plan.md", "differences/course-bell.html", "plans/staging.json"];
    const texts = [...files.map((name) => join(artifact, name)), whole].map((name) =>
      readFileSync(name, "utf8"),
    );
    expect(texts.join("")).not.toContain("canary");
    expect(texts[2]).toContain("<del># One</del><ins># Two</ins>");
  });

  it("composes the same comment of views that another job wrote, which have no value of a state", async () => {
    const message = "course/bell: chapter 1 'One': notebook changed";
    const restart = "a restart of the gateway main (https://gateway.example.org) would end 3 kernels";
    const held = "warning: kernel python is held: staging has not deployed it yet";
    const diagnostics = [
      { severity: "info", message },
      { severity: "info", message: restart },
      { severity: "warning", message: held },
    ];
    const staging = file("staging.json", { ...PREVIEW, diagnostics });
    const views = join(folder, "views");
    expect(await run({ preview: [`staging=${staging}`], views })).toBe(0);
    expect(readFileSync(join(views, "staging.json"), "utf8")).not.toContain("canary");
    expect(await run({ preview: [`staging=${join(views, "staging.json")}`] })).toBe(0);
    expect(out[0]).toContain("would end **3 running kernels**");
    expect(out[1]).toBe(out[0]);
    const broken = file("broken.json", { format: "lectern-stack-view-1" });
    expect(await run({ preview: [`staging=${broken}`] })).toBe(1);
  });

  it("composes of what earlier jobs have left, and says why there is no preview", async () => {
    const received = join(folder, "received");
    file("received/previews-prod/views/prod-x.json", "error: the gateway is away\n");
    file("received/previews-staging/views/staging.json", PREVIEW);
    expect(await run({ received })).toBe(0);
    expect(out.join("")).toContain("### Staging: 1 to update · production: the preview of prod-x failed");
    for (const name of ["prod", "staging"]) rmSync(join(received, `previews-${name}`), { recursive: true });
    file("received/planned/plan.json", {
      version: 1,
      ...{ support: [], staging: [], prod: [], articles: [], images: [], labels: [], untracked: [] },
      kernels: [{ name: "python", reasons: ["files changed"] }],
      stacks: { staging: [], prod: [] },
    });
    const paths = ["package-lock.json", "@everyone](https://evil.example)\n# x.ts"];
    file("received/planned/not-previewed.json", { why: "program", paths });
    expect(await run({ received, commit: "3e1a9d45c0f1b2a39485766554433221100ffeed" })).toBe(0);
    expect(out.at(-1)).toContain("### Planned: 1 kernel");
    expect(out.at(-1)).toMatch(/changes what deploys the catalog\*\* \(`package-lock\.json`.*its own code/);
    expect(out.at(-1)).toContain("read it at `3e1a9d45c0f1b2a39485766554433221100ffeed`");
    expect(out.at(-1)).not.toMatch(/^# x|\[[^\]]*\]\(https:\/\/evil/m);
    file("received/planned/not-previewed.json", { why: "so" });
    expect(await run({ received })).toBe(1);
    expect(err.join("")).toMatch(/not-previewed\.json.*why/);
  });

  it("reads no file outside an article, whatever a catalog says", async () => {
    file("secret.ipynb", { cells: [{ cell_type: "code", source: "canary" }] });
    const [base, head] = [catalog("base", "# One"), catalog("head", "# Two")];
    rmSync(join(head, "courses/bell/1.ipynb"));
    symlinkSync(join(folder, "secret.ipynb"), join(head, "courses/bell/1.ipynb"));
    const artifact = join(folder, "artifact");
    expect(await run({ base, head, artifact })).toBe(0);
    expect(existsSync(join(artifact, "differences"))).toBe(false);
  });

  it("says that a preview failed where its file is no document", async () => {
    const failed = file("prod.json", "error: no stack named 'prod' found\n");
    expect(await run({ preview: [`prod=${failed}`, `staging=${file("staging.json", "")}`] })).toBe(0);
    expect(out.join("")).toMatch(/### Production: the preview failed · staging: the preview failed/);
    expect(out.join("")).toContain("no stack named 'prod' found");
  });

  it("prints problems as annotations, which no text of a file can end", async () => {
    const problem = {
      code: "x",
      severity: "error",
      file: "course.json",
      line: 4,
      column: 2,
      remedy: "Fix it",
    };
    const hostile = "bad\n::set-output name=a::b ##[add-mask]c 100%";
    const problems = file("problems.json", {
      articles: [{ folder: "catalog/courses/bell", problems: [{ ...problem, message: hostile }] }],
      declarations: [
        { folder: "catalog/kernels/p,y", problems: [{ ...problem, severity: "warning", message: "odd" }] },
      ],
    });
    expect(await run({ problems, annotations: true })).toBe(0);
    expect(err.join("")).toBe(
      "::error file=catalog/courses/bell/course.json,line=4,col=2,title=x::bad%0A::set-output name=a::b # #[add-mask]c 100%25. Fix it\n" +
        "::warning file=catalog/kernels/p%2Cy/course.json,line=4,col=2,title=x::odd. Fix it\n",
    );
    expect(out.join("")).toContain("### The catalog has 1 error");
  });

  it.each<[string, () => Partial<CommentOptions>, RegExp]>([
    ["a file that is missing", () => ({ plan: join(folder, "none.json") }), /can't be read \(ENOENT\)/],
    ["a plan of another shape", () => ({ plan: file("plan.json", { articles: 1 }) }), /plan\.json.*articles/],
    ["a preview without a stack", () => ({ preview: ["staging.json"] }), /Write STACK=FILE/],
    ["one catalog alone", () => ({ base: folder }), /--head.*can't be compared/],
    ["a file that is no comment", () => ({ from: file("a.md", "hello") }), /does not begin with <!--/],
    ["no number to post to", () => ({ post: true, repository: "o/r" }), /--number/],
    ["no such repository", () => ({ post: true, repository: "o/r/../x", number: 1 }), /--repository/],
  ])("fails plainly for %s", async (_, options, message) => {
    vi.stubEnv("GITHUB_TOKEN", "a-token");
    expect(await run(options())).toBe(1);
    expect(err.join("")).toMatch(message);
    expect(out).toEqual([]);
  });
});
