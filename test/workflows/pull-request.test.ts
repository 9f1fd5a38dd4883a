import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { FakeGithub } from "../../cli/ci/testing/fake-github.ts";
import { zipOf } from "../../cli/ci/testing/zip.ts";
import { TOKEN } from "../../cli/comment/github/testing/github-stand-in.ts";
import { ProjectRepository } from "../../cli/plan/testing/project.ts";
import { type Ran, runStep } from "./job.ts";

// The steps of plan, comment and preview as their files have them, from a pull request to its comment. GitHub is on loopback,
// and the Pulumi CLI prints what a preview of it printed.
const OURS = "my-university/teaching";
const FORK = "somebody/teaching";
const CANARY = "canary-5ecret";
/** What a branch may be called. */
const BRANCH = `x"'$(touch>pwned)\`id\`;@everyone<b>&amp;=`;
/** What a file may be called, and a course. */
const NAME = `$(touch pwned)"'\n::set-output name=number::99\n::error::pwned @everyone <script>alert(1)</script>`;

let folder: string;
let origin: ProjectRepository;
let github: FakeGithub;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "lectern-workflow-"));
  origin = new ProjectRepository();
  github = new FakeGithub();
  await github.start();
  origin.git("init", "--quiet");
  origin.commit(BASE);
  mkdirSync(join(folder, "bin"));
});
afterEach(async () => {
  await github.stop();
  origin.remove();
  rmSync(folder, { recursive: true, force: true });
});

const TEMPLATE = resolve(import.meta.dirname, "../../templates/institution/catalog");
const ofTemplate = (path: string) => readFileSync(join(TEMPLATE, path), "utf8");
const COURSE = "catalog/courses/welcome/course.json";
const LESSON = "catalog/courses/welcome/notebooks/01-introduction.ipynb";

const notebook = (text: string) => {
  const { cells, ...rest } = JSON.parse(ofTemplate("courses/welcome/notebooks/01-introduction.ipynb"));
  return JSON.stringify({ ...rest, cells: [{ ...cells[0], source: text }, ...cells.slice(1)] });
};
const course = (title: string) =>
  JSON.stringify({ ...JSON.parse(ofTemplate("courses/welcome/course.json")), courseName: title });
const BASE = {
  "Pulumi.yaml": "name: lectern\nruntime: nodejs\nmain: index.ts\n",
  "Pulumi.staging.yaml": "config: {}\n",
  "Pulumi.prod.yaml": "config: {}\n",
  "index.ts": 'export { default } from "lectern/program";\n',
  "package.json": JSON.stringify({
    name: "teaching",
    scripts: { lectern: `"${process.execPath}" "${resolve(import.meta.dirname, "../../cli/lectern.mjs")}"` },
  }),
  ".gitignore": "planned\npreviews\nreceived\nbase\ncomposed\n",
  [COURSE]: course("Welcome"),
  [LESSON]: notebook("One"),
  "catalog/kernels/python-basics/kernel.yaml": ofTemplate("kernels/python-basics/kernel.yaml"),
  "catalog/kernels/python-basics/image/Dockerfile": ofTemplate("kernels/python-basics/image/Dockerfile"),
  "catalog/kernels/python-basics/image/requirements.txt": ofTemplate(
    "kernels/python-basics/image/requirements.txt",
  ),
};

/** What a fresh job has: its own checkout of a revision, in the folder that each job of a repository has. */
function checkout(revision: string): string {
  const place = join(folder, "work");
  rmSync(place, { recursive: true, force: true });
  execFileSync("git", ["clone", "--quiet", `file://${origin.root}`, place]);
  execFileSync("git", ["checkout", "--quiet", "--detach", revision], { cwd: place });
  return place;
}

/** What the jobs of a run give each other. */
const ARTIFACTS = () => join(folder, "artifacts");
const upload = (name: string, from: string) => cpSync(from, join(ARTIFACTS(), name), { recursive: true });

const COURSE_TYPE = "lectern:article:Course";
const urns = (stack: string) => {
  const course = `urn:pulumi:${stack}::lectern::${COURSE_TYPE}::welcome`;
  return { course, article: `urn:pulumi:${stack}::lectern::${COURSE_TYPE}$x:y/lectern:Article::welcome` };
};

/** The CLI: it prints a plan whose states have a secret in plain, as those of a program can. */
function pulumi(): void {
  const plan = (stack: string) => {
    const { course: parent, article } = urns(stack);
    const state = (text: string) => ({
      parent,
      inputs: { fingerprint: text, token: CANARY },
      outputs: { token: CANARY },
    });
    return JSON.stringify({
      steps: [
        { op: "same", urn: parent, oldState: {}, newState: {} },
        { op: "update", urn: article, oldState: state("a"), newState: state("b") },
      ],
      changeSummary: { same: 1, update: 1 },
      diagnostics: [{ severity: "warning", message: `warning: ${NAME}` }],
    });
  };
  for (const stack of ["staging", "prod"]) writeFileSync(join(folder, `bin/${stack}.json`), plan(stack));
  const script = `#!/bin/sh\necho "$PWD $*" >>"${folder}/asked"\ncat index.ts >>"${folder}/ran"\ncat "${folder}/bin/$3.json"\n`;
  writeFileSync(join(folder, "bin/pulumi"), script, { mode: 0o755 });
}

interface Opened {
  readonly head: string;
  readonly from: string;
}

/** Opens a pull request with files. */
function open(files: Readonly<Record<string, string>>, from = OURS): Opened {
  origin.git("switch", "--quiet", "--create", BRANCH);
  const head = origin.commit(files);
  origin.git("switch", "--quiet", "main");
  origin.git("update-ref", "refs/pull/12/head", head);
  github.pull(12, head, { ref: BRANCH, from });
  const changed = origin
    .git("diff", "--name-only", "-z", "main", head)
    .split("\0")
    .filter((path) => path !== "");
  github.files.set(
    12,
    changed.map((filename) => ({ filename })),
  );
  return { head, from };
}

const context = {
  "github.token": TOKEN,
  "github.server_url": "https://github.example",
  "github.repository": OURS,
  "github.run_id": "7",
};

/** A step that has to succeed. */
async function step(
  file: string,
  job: string,
  name: string,
  at: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  const ran = await tried(file, job, name, at, more);
  expect(ran.code, `${name}: ${ran.printed}`).toBe(0);
  return ran;
}
async function tried(
  file: string,
  job: string,
  name: string,
  at: string,
  more: Readonly<Record<string, string>> = {},
) {
  const { GITHUB_TOKEN: _, ...api } = github.environment;
  const ran = await runStep(file, job, name, {
    folder: at,
    runner: join(folder, "runner"),
    context: { ...context, ...more },
    environment: {
      ...api,
      PATH: `${join(folder, "bin")}:${process.env["PATH"]}`,
      GITHUB_EVENT_PATH: join(folder, "event.json"),
      GITHUB_SERVER_URL: "https://github.example",
    },
  });
  const known = [
    "number",
    "commit",
    "preview",
    "program",
    "environments",
    "stacks",
    "ready",
    "changed",
    "approval",
    "digests",
    "plans",
  ];
  expect(Object.keys(ran.outputs).filter((name) => !known.includes(name))).toEqual([]);
  expect(ran.printed + ran.summary).not.toMatch(new RegExp(`${TOKEN}|${CANARY}`));
  return ran;
}

/** The workflow `plan`, whose artifact GitHub then has. */
async function plan({ head }: Opened): Promise<void> {
  const at = checkout(head);
  const event = {
    "github.event.pull_request.base.sha": origin.git("rev-parse", "main"),
    "toJSON(github.event.pull_request.labels)": "[]",
  };
  await step("plan.yml", "plan", "Validate", at);
  await step("plan.yml", "plan", "Plan", at, event);
  const files = globSync("planned/*.json", { cwd: at });
  const entries = files.map((path) => ({
    name: path.replace("planned/", ""),
    content: readFileSync(join(at, path)),
  }));
  github.artifacts.set(7, [{ name: "plan", zip: zipOf(entries) }]);
}

/** The workflow `comment`, up to the comment that is composed. */
async function compose({ head, from }: Opened, event?: object): Promise<Ran["outputs"]> {
  const repository = { full_name: OURS, default_branch: "main" };
  const run = {
    id: 7,
    event: "pull_request",
    head_sha: head,
    head_branch: BRANCH,
    head_repository: { full_name: from },
  };
  writeFileSync(
    join(folder, "event.json"),
    JSON.stringify({ repository, ...(event ?? { workflow_run: run }) }),
  );
  rmSync(ARTIFACTS(), { recursive: true, force: true });
  const finding = checkout("main");
  const { outputs } = await step("comment.yml", "pull-request", "Find the pull request", finding);
  if (existsSync(join(finding, "planned"))) upload("planned", join(finding, "planned"));
  const environments: string[] =
    outputs["preview"] === "true" ? JSON.parse(outputs["environments"] ?? "[]") : [];
  for (const environment of environments) await preview(environment, outputs);
  const at = checkout("main");
  if (existsSync(ARTIFACTS())) cpSync(ARTIFACTS(), join(at, "received"), { recursive: true });
  const needs = Object.fromEntries(
    Object.entries(outputs).map(([name, value]) => [`needs.pull-request.outputs.${name}`, value]),
  );
  await step("comment.yml", "compose", "Check out the catalog", at, needs);
  await step("comment.yml", "compose", "Compose", at, needs);
  upload("comment", join(at, "composed"));
  return outputs;
}

/** The workflow `preview` of an environment. */
async function preview(environment: string, outputs: Ran["outputs"]): Promise<void> {
  pulumi();
  const at = checkout("main");
  const inputs = Object.fromEntries(
    Object.entries(outputs).map(([name, value]) => [`inputs.${name}`, value]),
  );
  const given = { ...inputs, "matrix.environment": environment, "secrets.PULUMI_CONFIG_PASSPHRASE": CANARY };
  const { outputs: workspace } = await step("preview.yml", "preview", "Check out the catalog", at, given);
  if (workspace["ready"] === "true") await step("preview.yml", "preview", "Preview", at, given);
  nothingLeaked();
  upload(`previews-${environment}`, join(at, "previews"));
}

async function post(): Promise<Ran> {
  const posting = checkout("main");
  cpSync(join(ARTIFACTS(), "comment"), join(posting, "composed"), { recursive: true });
  return tried("comment.yml", "post", "Post", posting, { "needs.pull-request.outputs.number": "12" });
}

/** Whatever any job has left: no script ran, and no secret is anywhere but where the test put it. */
function nothingLeaked(): void {
  const files = globSync(["**/*", "**/.git/config"], { cwd: folder }).filter(
    (path) => !path.startsWith("bin/"),
  );
  expect(files.filter((path) => /(^|\/)pwned$/.test(path))).toEqual([]);
  for (const path of files.filter((one) => statSync(join(folder, one)).isFile())) {
    expect(readFileSync(join(folder, path), "utf8"), path).not.toMatch(new RegExp(`${TOKEN}|${CANARY}`));
  }
}

/** Nothing in a comment is a mention, an element or a heading of somebody else's making. */
function expectInert(body: string): void {
  expect(body.replaceAll(/`[^`]*`/g, "")).not.toMatch(/<script|^::|(?<![\w`\u200b])@everyone/m);
}

it("comments on a pull request of hostile names with what merging would do, and once", async () => {
  const theirs = github.comment(12, "a-person", "<!-- deployment-plan -->\nfake");
  const opened = open({
    [LESSON]: notebook("Two @everyone $(touch pwned)"),
    [COURSE]: course(NAME),
    [`catalog/notes/${NAME.replaceAll("/", "")}`]: "a",
  });
  await plan(opened);
  const outputs = await compose(opened);
  expect(outputs).toMatchObject({ number: "12", commit: opened.head, preview: "true", program: "base" });
  expect(await post()).toMatchObject({ code: 0 });
  const [, comment] = github.comments;
  expect(github.comments).toHaveLength(2);
  expect(comment?.body).toMatch(
    /^<!-- deployment-plan -->\n### Staging: 1 to update · production: 1 to update/,
  );
  expect(comment?.body).toMatch(/chapter 1 'Introduction': 1 cell changed/);
  expectInert(comment?.body ?? "");
  // Nothing differs, so nothing is written again; then a person's words would be kept, and ours are edited.
  const calls = github.calls.length;
  expect(await post()).toMatchObject({ code: 0 });
  expect(github.calls.slice(calls).filter((call) => /^(PATCH|POST \/repos)/.test(call))).toEqual([]);
  if (comment) comment.body = "<!-- deployment-plan -->\nolder";
  github.troubles.push({ method: "PATCH", path: /comments/, status: 502 });
  expect(await post()).toMatchObject({ code: 0 });
  expect([comment?.body.includes("older"), theirs.body]).toEqual([false, "<!-- deployment-plan -->\nfake"]);
  github.comments.pop();
  github.troubles.push({
    method: "POST",
    path: /comments/,
    status: 403,
    message: "Resource not accessible by integration",
  });
  const refused = await post();
  expect(refused.code).toBe(1);
  expect(refused.printed).toContain("GitHub refuses the comment (403");
  nothingLeaked();
});

it("runs the base's program where a pull request is data, and its own only where a maintainer asks", async () => {
  const opened = open({ "index.ts": "steal();\n", [LESSON]: notebook("Two") });
  await plan(opened);
  const first = await compose(opened);
  expect(first).toMatchObject({ preview: "false" });
  expect(await post()).toMatchObject({ code: 0 });
  expect(github.comments[0]?.body).toMatch(/changes what deploys the catalog\*\* \(`index\.ts`\)/);
  expect(github.comments[0]?.body).toMatch(/cell changed|course/);
  expect(existsSync(join(folder, "asked"))).toBe(false);
  github.runs = [
    {
      id: 7,
      path: ".github/workflows/plan.yml",
      head_sha: opened.head,
      head_repository: { full_name: OURS },
    },
  ];
  const asked = await compose(opened, { inputs: { number: "12", commit: opened.head } });
  expect(asked).toMatchObject({ preview: "true", program: "head" });
  expect(readFileSync(join(folder, "ran"), "utf8")).toContain("steal();");
  expect(await post()).toMatchObject({ code: 0 });
  expect(github.comments).toHaveLength(1);
  expect(github.comments[0]?.body).toMatch(/^<!-- deployment-plan -->\n### Staging: 1 to update/);
  nothingLeaked();
});

it("previews a change of how a cluster is reached once a maintainer who has read it asks", async () => {
  const opened = open({
    "catalog/clusters/campus/cluster.yaml":
      "provider: {context: other}\nhubs: [{name: staging, chart: hub}]\n",
    "catalog/charts/hub/Chart.yaml": "apiVersion: v2\nname: hub\nversion: 1.0.0\n",
  });
  await plan(opened);
  await compose(opened);
  expect(await post()).toMatchObject({ code: 0 });
  expect(github.comments[0]?.body).toMatch(
    /changes how clusters are reached\*\* \(`catalog\/clusters\/campus/,
  );
  expect(existsSync(join(folder, "asked"))).toBe(false);
  const path = ".github/workflows/plan.yml";
  github.runs = [{ id: 7, path, head_sha: opened.head, head_repository: { full_name: OURS } }];
  await compose(opened, { inputs: { number: "12", commit: opened.head } });
  expect(await post()).toMatchObject({ code: 0 });
  expect(existsSync(join(folder, "asked"))).toBe(true);
  expect(github.comments[0]?.body).toMatch(/^<!-- deployment-plan -->\n### Staging: 1 to update/);
  nothingLeaked();
});

it("gives a fork's pull request a comment without a preview, whatever its artifact says", async () => {
  const opened = open({ [LESSON]: notebook("Two") }, FORK);
  await plan(opened);
  const [artifact] = github.artifacts.get(7) ?? [];
  if (artifact)
    github.artifacts.set(7, [artifact, { name: "number", zip: zipOf([{ name: "number", content: "99" }]) }]);
  const outputs = await compose(opened);
  expect(outputs).toMatchObject({ number: "12", preview: "false" });
  expect(await post()).toMatchObject({ code: 0 });
  expect(github.comments[0]).toMatchObject({ issue: 12 });
  expect(github.comments[0]?.body).toMatch(/comes from a fork[\s\S]*course \*\*Welcome\*\*/);
  expect(existsSync(join(folder, "asked"))).toBe(false);
  nothingLeaked();
});

it("says that nobody knows what merging leads to where the branch has conflicts", async () => {
  const opened = open({ [LESSON]: notebook("Two") });
  origin.commit({ [LESSON]: notebook("Three") });
  await plan(opened);
  await compose(opened);
  expect(await post()).toMatchObject({ code: 0 });
  expect(github.comments[0]?.body).toMatch(
    /has conflicts with the base \(`catalog\/courses\/welcome\/notebooks\/01-introduction\.ipynb`\)/,
  );
  expect(existsSync(join(folder, "asked"))).toBe(false);
});
