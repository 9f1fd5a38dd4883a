import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DeploymentPlan } from "../../plan/deployment/deployment-plan.ts";
import { capturePrinted } from "../testing/command-test.ts";
import { type DeploymentPlanOptions, printDeploymentPlan } from "./deployment.ts";
import { PROJECT, ProjectRepository } from "./testing/project.ts";

let repository: ProjectRepository;
let first: string;
const { out, err } = capturePrinted();
beforeEach(() => {
  repository = new ProjectRepository();
  repository.git("init", "--quiet");
  first = repository.commit(PROJECT);
});
afterEach(() => repository.remove());

async function print(options: Partial<DeploymentPlanOptions>, project = repository.root): Promise<string> {
  out.length = 0;
  const code = await printDeploymentPlan(project, { catalog: "catalog", format: "json", ...options });
  if (code !== 0) throw new Error(err.join(""));
  return out.join("");
}

const planned = async (options: Partial<DeploymentPlanOptions>, project?: string): Promise<DeploymentPlan> =>
  JSON.parse(await print({ ...options, format: "json" }, project));

/** A plan of paths, written to a file. */
function changed(...paths: string[]): { changed: string } {
  const file = join(repository.root, ".git", "changed.txt");
  writeFileSync(file, paths.map((path) => `${path}\0`).join(""));
  return { changed: file };
}

describe("a plan", () => {
  it("of a pull request is what its files are inputs of", async () => {
    const cluster = PROJECT["catalog/clusters/campus/cluster.yaml"] ?? "";
    repository.commit({
      "catalog/clusters/campus/cluster.yaml": cluster.replace(/ {2}- \{name: prod.*\n/, ""),
      "catalog/clusters/campus/prod.yaml": null,
      "catalog/kernels/quantum/kernel.yaml": "display_name: Quantum\nlanguage: python\n",
      "README.md": "Ours\n",
    });
    expect(await planned({ base: first })).toEqual({
      version: 1,
      base: first,
      support: [{ cluster: "campus", reasons: ["cluster.yaml changed"] }],
      staging: [{ cluster: "campus", hub: "staging", reasons: ["cluster.yaml changed"] }],
      prod: [
        {
          ...{ cluster: "campus", hub: "prod", provenBy: [], removed: true },
          reasons: ["it was removed from cluster.yaml"],
        },
      ],
      articles: [{ type: "course", slug: "bell", reasons: ["it runs on the kernel quantum, which changed"] }],
      kernels: [{ name: "quantum", reasons: ["kernel.yaml changed"] }],
      images: [],
      labels: [],
      untracked: ["README.md", "catalog/clusters/campus/prod.yaml"],
      stacks: {
        staging: [{ stack: "staging", parts: ["articles", "kernels", "clusters/campus"] }],
        prod: [{ stack: "prod", parts: ["articles", "kernels", "clusters/campus"] }],
      },
    });
  });

  it("of a removed cluster names its hubs", async () => {
    const files = Object.keys(PROJECT).filter((path) => path.startsWith("catalog/clusters/campus/"));
    repository.commit(Object.fromEntries(files.map((path) => [path, null])));
    const { support, staging, prod } = await planned({ base: first });
    expect([support, staging, prod]).toMatchObject([
      [{ cluster: "campus", removed: true, reasons: ["its cluster was removed"] }],
      [{ cluster: "campus", hub: "staging", removed: true }],
      [{ cluster: "campus", hub: "prod", removed: true }],
    ]);
  });

  it("of a catalog that is its whole repository names what was removed", async () => {
    repository.git(
      "mv",
      ...["clusters", "kernels", "charts", "courses"].map((name) => `catalog/${name}`),
      ".",
    );
    const base = repository.commit();
    const cluster = PROJECT["catalog/clusters/campus/cluster.yaml"] ?? "";
    repository.git("rm", "--quiet", "-r", "kernels/quantum");
    repository.commit({ "clusters/campus/cluster.yaml": cluster.replace(/ {2}- \{name: prod.*\n/, "") });
    const { prod, kernels } = await planned({ base, catalog: "." });
    expect(prod).toMatchObject([{ hub: "prod", removed: true }]);
    expect(kernels).toMatchObject([{ name: "quantum", removed: true }]);
  });

  it("of a project in a folder of its repository has the repository's paths", async () => {
    repository.git("rm", "--quiet", "-r", ".");
    const moved = Object.entries(PROJECT).map(([path, content]) => [`teaching/${path}`, content]);
    const base = repository.commit(Object.fromEntries(moved));
    repository.commit({ "teaching/catalog/clusters/campus/prod.yaml": "a: 1\n", "index.ts": "" });
    const { prod, untracked, stacks } = await planned({ base }, join(repository.root, "teaching"));
    expect(prod).toMatchObject([{ hub: "prod" }]);
    expect(untracked).toEqual(["index.ts"]);
    expect(stacks.prod).toHaveLength(1);
    repository.commit({ "teaching/index.ts": "// changed\n" });
    expect((await planned({ base }, join(repository.root, "teaching"))).articles).toHaveLength(1);
  });

  it("shows the same jobs in each format", async () => {
    const list = changed(
      "catalog/clusters/campus/cluster.yaml",
      "catalog/kernels/quantum/kernel.yaml",
      "README.md",
    );
    const { support, staging, prod, articles, kernels, untracked } = await planned(list);
    const [table, markdown] = [
      await print({ ...list, format: "table" }),
      await print({ ...list, format: "markdown" }),
    ];
    const names = [
      ...support.map(({ cluster }) => cluster),
      ...[...staging, ...prod].map(({ cluster, hub }) => `${cluster}/${hub}`),
      ...articles.map(({ type, slug }) => `${type} ${slug}`),
      ...kernels.map(({ name }) => name),
    ];
    const listed = (text: string, row: RegExp) =>
      [...text.matchAll(row)].map(([, name = ""]) => name.trim()).sort();
    expect(listed(markdown, /^\| (?!Hub|Kernel|Article|Cluster|---)(.*?) \|/gm)).toEqual([...names].sort());
    expect(listed(table, /^ {2}(.*?)(?: {2}|$)/gm)).toEqual([...names, ...untracked].sort());
  });

  it("that deploys nothing says why", async () => {
    expect(await print({ ...changed("README.md"), format: "markdown" })).toMatch(
      /^### Nothing to deploy\n\nWhy: README.md is no input of anything\.\n/,
    );
    expect(await print({ ...changed(), format: "table" })).toBe("Nothing to deploy: no file changed.\n");
    const labels = '[{"name": "deployer:skip-deploy"}]';
    expect(await print({ ...changed("index.ts"), labels, format: "table" })).toBe(
      "Nothing to deploy: the label deployer:skip-deploy.\n",
    );
  });

  it("has the stacks to run as outputs of a job", async () => {
    const matrix = join(repository.root, ".git", "outputs");
    writeFileSync(matrix, "a=1\n");
    await print({ ...changed("catalog/clusters/campus/staging.yaml"), matrix });
    expect(readFileSync(matrix, "utf8")).toBe('a=1\nstaging=["staging"]\nprod=[]\n');
  });
});

describe("hostile names", () => {
  const HOSTILE = [
    "catalog/clusters/campus/x\n| injected | row |\n::set-output name=a::b\u001b[2J.yaml",
    'catalog/courses/bell/"><img src=x onerror=alert(1)>$(touch pwned)`id`<!-- -->.ipynb',
    "catalog/courses/bell/@everyone #1 [x](http://e.org) www.e.org **b** \u202etxt.ipynb",
    "</details><script>.md",
  ];

  it.each(["table", "markdown"] as const)("are inert in %s", async (format) => {
    const text = await print({ ...changed(...HOSTILE), format });
    for (const character of ["\u001b", "\u202e"]) expect(text).not.toContain(character);
    expect(text).not.toMatch(/^\| injected|^::set-output/m);
    if (format === "table") return;
    expect(text).not.toMatch(/<(img|script|!--)|@everyone|#1\b|(?<!\\)(\]\(|[*`])|\$\(|https?:\/\/|www\.e/);
    expect(text.match(/<\/details>/g)).toHaveLength(1);
    expect(text.split("\n").filter((line) => line.startsWith("| "))).toHaveLength(3);
  });

  it("are in JSON as they are", async () => {
    const { untracked, articles } = await planned(changed(...HOSTILE));
    expect(untracked).toEqual([HOSTILE[3], HOSTILE[0]]);
    expect(articles[0]?.reasons[0]).toContain("$(touch pwned)");
  });
});

describe("there is no plan", () => {
  const CLUSTER = "catalog/clusters/campus/cluster.yaml";
  it.each([
    [CLUSTER, "hubs: [", /cluster\.yaml:1:\d+: this is not YAML/],
    [CLUSTER, "hubs: {a: b}", /cluster\.yaml:1:7 hubs: expected list/],
    ["Pulumi.prod-campus.yaml", "config:\n  lectern:scope: {clusters: campus}\n", /lectern:scope\.clusters/],
    [
      "catalog/charts/hub/Chart.yaml",
      "dependencies: [{repository: 'file://x'",
      /charts\/hub\/Chart\.yaml:\d+:\d+: this is not YAML/,
    ],
    [
      "catalog/charts/hub/requirements.yaml",
      "dependencies: [{repository: 'file://x'",
      /charts\/hub\/requirements\.yaml:\d+:\d+: this is not YAML/,
    ],
  ])("where %s is %j", async (file, content, message) => {
    repository.write({ [file]: content });
    await expect(print(changed(CLUSTER))).rejects.toThrow(message);
    expect(out).toEqual([]);
  });

  it("of a list that can't be read, or of labels that are none", async () => {
    mkdirSync(join(repository.root, "folder"));
    for (const file of ["none.txt", "folder"]) {
      const path = join(repository.root, file);
      await expect(print({ changed: path })).rejects.toThrow(/the list of changed files can't be read \(E/);
    }
    await expect(print({ ...changed(), labels: "deployer:deploy-hubs" })).rejects.toThrow(
      /no JSON list of names/,
    );
    await expect(print({ ...changed(), labels: '["deployer:deploy-hub"]' })).rejects.toThrow(
      /unknown\. Did you mean "deployer:deploy-hubs"/,
    );
  });
});
