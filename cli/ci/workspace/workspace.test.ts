import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, lstatSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { repositoryOf } from "../../../components/article/source/git/repository.ts";
import { TOKEN } from "../../comment/github/testing/github-stand-in.ts";
import { PROJECT, ProjectRepository } from "../../plan/testing/project.ts";
import { capturePrinted, temporaryFolder } from "../../testing/command-test.ts";
import { leavesCatalog } from "./entries.ts";
import { makeWorkspace } from "./workspace.ts";

const folder = temporaryFolder("workspace");
const { out, err } = capturePrinted();
let origin: ProjectRepository;
const checkout = () => join(folder, "checkout");
beforeEach(() => {
  origin = new ProjectRepository();
  origin.git("init", "--quiet");
  origin.commit(PROJECT);
  origin.git("switch", "--quiet", "--create", "change");
});
afterEach(() => {
  origin.remove();
  vi.unstubAllEnvs();
});

const git = (...args: string[]) =>
  execFileSync("git", args, { cwd: checkout(), encoding: "utf8", stdio: "pipe" }).trim();
const read = (path: string) => readFileSync(join(checkout(), path), "utf8");

/** What GitHub and actions/checkout make of it: the head by the number of its pull request, and main checked out. */
function opened(head: string): string {
  origin.git("switch", "--quiet", "main");
  origin.git("update-ref", "refs/pull/12/head", head);
  execFileSync("git", ["clone", "--quiet", "--branch", "main", `file://${origin.root}`, checkout()]);
  return head;
}

async function workspace(commit: string, program: "base" | "head" = "base"): Promise<unknown> {
  vi.stubEnv("GITHUB_OUTPUT", join(folder, "outputs"));
  const notPreviewed = join(folder, "left/not-previewed.json");
  const code = await makeWorkspace(checkout(), {
    number: 12,
    commit,
    program,
    catalog: "catalog",
    notPreviewed,
  });
  if (code !== 0) throw new Error(err.join(""));
  const ready = readFileSync(join(folder, "outputs"), "utf8");
  if (!existsSync(notPreviewed)) return ready;
  expect(ready).toBe("ready=false\n");
  expect(git("status", "--porcelain")).toBe("");
  expect(git("rev-parse", "HEAD")).toBe(git("rev-parse", "main"));
  return JSON.parse(readFileSync(notPreviewed, "utf8"));
}

const BELL = "catalog/courses/bell/course.json";

describe("lectern ci workspace", () => {
  it("checks out the merged catalog beside the base's own program, as a commit that may be deployed", async () => {
    const head = origin.commit({
      [BELL]: '{"courseName": "Bell"}',
      "catalog/blogs/new/course.json": "{}",
      "index.ts": "steal();",
      "package-lock.json": "{}",
      "Pulumi.staging.yaml": "config: {lectern:visibility: private}\n",
    });
    origin.git("switch", "--quiet", "main");
    origin.commit({ "README.md": "ours", "catalog/kernels/quantum/kernel.yaml": "display_name: Newer\n" });
    opened(head);
    expect(await workspace(head)).toBe("ready=true\n");
    expect(read(BELL)).toBe('{"courseName": "Bell"}');
    expect(read("catalog/blogs/new/course.json")).toBe("{}");
    expect(read("catalog/kernels/quantum/kernel.yaml")).toBe("display_name: Newer\n");
    expect([read("index.ts"), read("README.md")]).toEqual(["", "ours"]);
    expect(read("Pulumi.staging.yaml")).toBe('config: { "lectern:visibility": "private" }\n');
    expect(read("Pulumi.prod.yaml")).toBe("config: {}\n");
    expect(existsSync(join(checkout(), "package-lock.json"))).toBe(false);
    const repository = await repositoryOf(join(checkout(), "catalog"), { once: (_, make) => make() });
    expect(repository).toMatchObject({ pushed: true, url: `file://${origin.root}` });
    expect(repository.uncommitted(join(checkout(), "catalog"))).toEqual([]);
  });

  it("removes what the pull request removes, up to the whole catalog", async () => {
    origin.git("rm", "--quiet", "-r", "catalog");
    const head = opened(origin.commit());
    expect(await workspace(head)).toBe("ready=true\n");
    expect(existsSync(join(checkout(), "catalog"))).toBe(false);
    expect(read("Pulumi.yaml")).toBe("name: ours\n");
  });

  it("takes the program of the pull request only where it is asked for", async () => {
    const head = opened(origin.commit({ "index.ts": "theirs();" }));
    expect(await workspace(head, "head")).toBe("ready=true\n");
    expect(read("index.ts")).toBe("theirs();");
  });

  it("has no workspace for a branch with conflicts, and names the files", async () => {
    const head = origin.commit({ [BELL]: "theirs", "catalog/@everyone`.md": "a" });
    origin.git("switch", "--quiet", "main");
    origin.commit({ [BELL]: "ours" });
    opened(head);
    expect(await workspace(head)).toEqual({ why: "conflict", paths: [BELL] });
  });

  it("has no workspace for another commit than the one that was decided about", async () => {
    const head = origin.commit({ [BELL]: "one" });
    opened(origin.commit({ [BELL]: "two" }));
    expect(await workspace(head)).toEqual({ why: "moved", paths: [] });
  });

  it.each(["/proc/self/environ", "../../index.ts", "a/../../../index.ts", "../../catalog2/x"])(
    "has no workspace where a link of the catalog leads to %s",
    async (target) => {
      origin.write({ [BELL]: "one" });
      symlinkSync(target, join(origin.root, "catalog/courses/link"));
      const head = opened(origin.commit());
      expect(await workspace(head)).toEqual({ why: "links", paths: ["catalog/courses/link"] });
    },
  );

  it("has a workspace with links that stay in the catalog, and those that the base has", async () => {
    origin.git("switch", "--quiet", "main");
    symlinkSync("../../README.md", join(origin.root, "catalog/courses/shared"));
    origin.commit();
    origin.git("switch", "--quiet", "--create", "later");
    symlinkSync("../charts/hub", join(origin.root, "catalog/courses/chart"));
    const head = opened(origin.commit());
    expect(await workspace(head)).toBe("ready=true\n");
    expect(lstatSync(join(checkout(), "catalog/courses/chart")).isSymbolicLink()).toBe(true);
  });

  it("has no workspace where another repository becomes a part of the catalog, or the catalog a link", async () => {
    const commit = origin.git("rev-parse", "HEAD");
    origin.git("update-index", "--add", "--cacheinfo", `160000,${commit},catalog/courses/other`);
    origin.git("commit", "--quiet", "--message", "Submodule");
    const head = opened(origin.git("rev-parse", "HEAD"));
    expect(await workspace(head)).toEqual({ why: "links", paths: ["catalog/courses/other"] });
  });

  const CLUSTER = "catalog/clusters/campus/cluster.yaml";
  const KUBECONFIG = "catalog/clusters/campus/kubeconfig.yaml";
  it.each<[string, Record<string, string>, Record<string, string>, string[]]>([
    ["a context", {}, { [CLUSTER]: "provider: {context: other}\n" }, [CLUSTER]],
    ["a merged key", {}, { [CLUSTER]: "hubs: &a []\n<<: {provider: {context: other}}\n" }, [CLUSTER]],
    ["what can't be read", {}, { [CLUSTER]: "provider: {context: [}\n" }, [CLUSTER]],
    [
      "the kubeconfig that it names",
      { [CLUSTER]: "provider: {kubeconfig: kubeconfig.yaml}\n", [KUBECONFIG]: "users: []\n" },
      { [KUBECONFIG]: "users: [{user: {exec: {command: ./steal}}}]\n" },
      [KUBECONFIG],
    ],
    [
      "a new cluster",
      {},
      { "catalog/clusters/new/cluster.yaml": "provider: {context: new}\n" },
      ["catalog/clusters/new/cluster.yaml"],
    ],
  ])("has no workspace where %s says how a cluster is reached", async (_, before, after, paths) => {
    origin.git("switch", "--quiet", "main");
    origin.commit(before);
    origin.git("switch", "--quiet", "--create", "later");
    const head = opened(origin.commit(after));
    expect(await workspace(head)).toEqual({ why: "access", paths });
    // Somebody who has read it may ask for it all the same.
    vi.stubEnv("GITHUB_OUTPUT", join(folder, "asked"));
    const asked = { number: 12, commit: head, program: "head", catalog: "catalog" } as const;
    expect(await makeWorkspace(checkout(), asked)).toBe(0);
    expect(readFileSync(join(folder, "asked"), "utf8")).toBe("ready=true\n");
  });

  const TEMPLATE = "catalog/charts/hub/templates/hub.yaml";
  const CHART = "catalog/charts/hub/Chart.yaml";
  const remote = (repository: string, version: string) =>
    `hubs: [{name: staging, chart: {repository: ${repository}, name: jupyterhub, version: ${version}}}]\n`;
  it.each<[string, Record<string, string>, Record<string, string>, string[]]>([
    [
      "a template, which gets secrets,",
      {},
      { [TEMPLATE]: "{{ .Values.password | upper }}", [BELL]: "one" },
      [TEMPLATE],
    ],
    ["a packed chart", {}, { "catalog/charts/hub/charts/a.tgz": "x" }, ["catalog/charts/hub/charts/a.tgz"]],
    [
      "where a dependency comes from",
      { [CHART]: "name: hub\ndependencies: [{name: a, version: 1.0.0, repository: https://a.example}]\n" },
      { [CHART]: "name: hub\ndependencies: [{name: a, version: 1.0.0, repository: https://b.example}]\n" },
      [CHART],
    ],
    ["a chart that can't be read", {}, { [CHART]: "name: [\n" }, [CHART]],
    [
      "where a hub's chart comes from",
      { [CLUSTER]: remote("https://a.example", "4.4.0") },
      { [CLUSTER]: remote("https://b.example", "4.4.0") },
      [CLUSTER],
    ],
  ])("has no workspace where %s changes", async (_, before, after, paths) => {
    origin.git("switch", "--quiet", "main");
    origin.commit(before);
    origin.git("switch", "--quiet", "--create", "later");
    const head = opened(origin.commit(after));
    expect(await workspace(head)).toEqual({ why: "charts", paths });
  });

  it("has a workspace where charts have another version or other values", async () => {
    const chart = (version: string) =>
      `name: hub\nversion: ${version}\ndependencies: [{name: a, version: ${version}, repository: https://a.example}]\n`;
    origin.git("switch", "--quiet", "main");
    origin.commit({
      [CHART]: chart("1.0.0"),
      [CLUSTER]: remote("https://a.example", "4.4.0"),
      [TEMPLATE]: "",
    });
    origin.git("switch", "--quiet", "--create", "later");
    origin.git("rm", "--quiet", TEMPLATE);
    const changes = {
      [CHART]: chart("1.1.0"),
      [CLUSTER]: remote("https://a.example", "4.5.0"),
      "catalog/charts/hub/values.yaml": "a: 1\n",
    };
    const head = opened(origin.commit(changes));
    expect(await workspace(head)).toBe("ready=true\n");
    expect(read(CHART)).toBe(chart("1.1.0"));
  });

  it.each<[string, Record<string, string | null>, string[]]>([
    [
      "an address that gets credentials",
      { "Pulumi.staging.yaml": "config: {lectern:apiUrl: https://elsewhere.example}\n", [BELL]: "one" },
      ["Pulumi.staging.yaml"],
    ],
    ["a new stack", { "Pulumi.prod-new.yaml": "config: {}\n" }, ["Pulumi.prod-new.yaml"]],
    ["a stack that goes", { "Pulumi.prod.yaml": null }, ["Pulumi.prod.yaml"]],
  ])("has no workspace where the settings of stacks have %s", async (_, files, paths) => {
    const head = opened(origin.commit(files));
    expect(await workspace(head)).toEqual({ why: "settings", paths });
  });

  it("has no workspace where a link stands for the settings of a stack", async () => {
    rmSync(join(origin.root, "Pulumi.prod.yaml"));
    symlinkSync("catalog/prod.yaml", join(origin.root, "Pulumi.prod.yaml"));
    const head = opened(origin.commit({ "catalog/prod.yaml": "config: {}\n" }));
    expect(await workspace(head)).toEqual({ why: "settings", paths: ["Pulumi.prod.yaml"] });
  });

  it("has a workspace where hubs of a cluster change", async () => {
    const head = opened(origin.commit({ "catalog/clusters/campus/prod.yaml": "a: 1\n" }));
    expect(await workspace(head)).toBe("ready=true\n");
  });

  it("runs no hook, and gives the token to git alone, in no argument", async () => {
    const head = opened(origin.commit({ [BELL]: "one" }));
    const hook = join(checkout(), ".git/hooks/post-checkout");
    writeFileSync(hook, `#!/bin/sh\ntouch ${join(folder, "hooked")}\n`);
    chmodSync(hook, 0o755);
    vi.stubEnv("GITHUB_TOKEN", TOKEN);
    vi.stubEnv("GIT_TRACE", join(folder, "trace"));
    expect(await workspace(head)).toBe("ready=true\n");
    expect(existsSync(join(folder, "hooked"))).toBe(false);
    const basic = Buffer.from(`x-access-token:${TOKEN}`).toString("base64");
    const printed = [
      readFileSync(join(folder, "trace"), "utf8"),
      read("../checkout/.git/config"),
      ...out,
      ...err,
    ].join("");
    expect(printed).toContain("fetch");
    expect(printed).not.toContain(TOKEN);
    expect(printed).not.toContain(basic);
  });

  it("fails plainly where there is no such pull request", async () => {
    const head = opened(origin.commit({ [BELL]: "one" }));
    origin.git("update-ref", "-d", "refs/pull/12/head");
    await expect(workspace(head)).rejects.toThrow(/git fetch failed: .*refs\/pull\/12\/head/);
  });
});

it("a link that stays in the catalog does so from wherever it is, through whatever it passes", () => {
  const step = fc.constantFrom("..", "a", "b", ".");
  fc.assert(
    fc.property(
      fc.array(step, { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 0, max: 3 }),
      (target, depth) => {
        const path = ["catalog", ...Array.from({ length: depth }, () => "d"), "link"].join("/");
        const ups = target.filter((part) => part === "..").length;
        const leaves = leavesCatalog(path, target.join("/"), "catalog");
        // A step up is safe only before every step down, and as long as it stays below the catalog.
        if (ups > depth) expect(leaves).toBe(true);
        if (ups === 0) expect(leaves).toBe(false);
      },
    ),
  );
});
