import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

const FOLDER = join(import.meta.dirname, "../../.github/workflows");

interface Job {
  readonly uses?: string;
  readonly needs?: string | readonly string[];
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps?: readonly { readonly uses?: string; readonly run?: string }[];
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const text = (name: string) => readFileSync(join(FOLDER, name), "utf8");
const workflow = (name: string) => parse(text(name)) as Workflow;
const NAMES = globSync("*.yml", { cwd: FOLDER }).map((path) => basename(path));

describe.each(NAMES)("%s", (name) => {
  const jobs = Object.entries(workflow(name).jobs);
  const steps = jobs.flatMap(([, job]) => job.steps ?? []);

  it("names every action of others by the hash of a commit", () => {
    const uses = steps.flatMap((step) => step.uses ?? []);
    expect(uses.filter((action) => !/^[\w./-]+@[0-9a-f]{40}$/.test(action))).toEqual([]);
  });

  it("has no stored token of Pulumi Cloud: each run gets a short-lived one", () => {
    expect(text(name)).not.toMatch(/secrets\.(?!IMAGE_REGISTRY_PASSWORD\b)\w+/);
  });

  it("puts no text of an event into a script", () => {
    expect(steps.flatMap(({ run }) => run ?? []).filter((run) => /\$\{\{/.test(run))).toEqual([]);
  });

  it("gives rights to write only to jobs that run no code of the repository, and to staging for images", () => {
    const writing = jobs.filter(([job, { permissions = {} }]) =>
      Object.entries(permissions).some(
        ([right, level]) =>
          level === "write" && right !== "id-token" && `${job} ${right}` !== "staging packages",
      ),
    );
    const checkouts = writing
      .flatMap(([, job]) => job.steps ?? [])
      .filter(({ uses }) => uses?.includes("checkout"));
    expect(checkouts).toEqual([]);
    expect(Object.values(workflow(name).permissions)).not.toContain("write");
  });
});

it("a preview has an environment of its own for each stack, which no deployment has", () => {
  const { plan } = workflow("preview.yml").jobs;
  expect(plan?.environment).toMatch(/^preview-\$\{\{ matrix\.stack \}\}$/);
  const deployed = Object.values(workflow("deploy.yml").jobs).flatMap(({ environment }) => environment ?? []);
  expect(deployed).toEqual(["staging", "prod"]);
});

it("a deployment waits for the check, and prod for staging", () => {
  const { check, staging, prod } = workflow("deploy.yml").jobs;
  expect(check?.uses).toBe("./.github/workflows/check.yml");
  expect(staging?.needs).toBe("check");
  expect(prod?.needs).toBe("staging");
});

it("a stack's key is in an SSH agent before a plan or a deployment, for the setup commands of hosts", () => {
  const agents = ["preview.yml", "deploy.yml"].map((name) => {
    const jobs = Object.values(workflow(name).jobs).filter(({ steps = [] }) => steps.length > 1);
    return jobs.map(({ steps = [] }) => {
      const agent = steps.findIndex(({ run }) => run === ".github/start-ssh-agent.sh");
      const cli = steps.findIndex(({ uses }) => uses?.startsWith("pulumi/actions@"));
      const last = steps.findLastIndex(
        ({ uses, run }) => uses?.startsWith("pulumi/actions@") || run?.includes("pulumi preview"),
      );
      return cli >= 0 && cli < agent && agent < last;
    });
  });
  // The plan; staging and prod, which have the same steps. Posting a comment needs no agent.
  expect(agents).toEqual([
    [true, false],
    [true, true],
  ]);
});

it("the check validates the catalog, for pull requests of forks too", () => {
  const { on, jobs } = workflow("check.yml");
  expect(Object.keys(on)).toContain("pull_request");
  const runs = Object.values(jobs).flatMap(({ steps = [] }) => steps.flatMap(({ run }) => run ?? []));
  expect(runs).toContain("npm run -s lectern -- validate catalog");
});
