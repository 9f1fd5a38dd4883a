import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

const REPOSITORY = join(import.meta.dirname, "../..");

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly uses?: string;
  readonly needs?: string | readonly string[];
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly steps?: readonly Step[];
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const text = (path: string) => readFileSync(join(REPOSITORY, path), "utf8");
const workflow = (name: string) => parse(text(`.github/workflows/${name}`)) as Workflow;
const FILES = globSync(["{.,templates/institution}/.github/workflows/*.yml"], { cwd: REPOSITORY }).sort();
const stepsOf = ({ jobs }: Workflow) => Object.values(jobs).flatMap(({ steps = [] }) => steps);

/** The secrets that a repository may store: what no short-lived token can replace. */
const STORED = "IMAGE_REGISTRY_PASSWORD|LECTERN_WEBHOOK_URL|MERGE_APP_KEY|PULUMI_CONFIG_PASSPHRASE";

describe.each(FILES)("%s", (file) => {
  const found = parse(text(file)) as Workflow;
  const jobs = Object.entries(found.jobs);
  const steps = stepsOf(found);

  it("names every action of others by the hash of a commit", () => {
    const uses = steps.flatMap((step) => step.uses ?? []);
    expect(uses.filter((action) => !/^[\w./-]+@[0-9a-f]{40}$/.test(action))).toEqual([]);
  });

  it("has no stored token of Pulumi Cloud or of a cloud: each run gets a short-lived one", () => {
    expect(text(file)).not.toMatch(new RegExp(`secrets\\.(?!(${STORED})\\b)\\w+|secrets: inherit`));
  });

  it("puts no text of an event into a script", () => {
    expect(steps.flatMap(({ run }) => run ?? []).filter((run) => /\$\{\{/.test(run))).toEqual([]);
  });

  it("leaves no token in a checkout", () => {
    const checkouts = steps.filter(({ uses }) => uses?.startsWith("actions/checkout@"));
    expect(checkouts.filter((step) => step.with?.["persist-credentials"] !== false)).toEqual([]);
  });

  it("gives rights to write only to jobs that run no code of a pull request", () => {
    const writing = jobs.filter(([, { permissions = {} }]) =>
      Object.entries(permissions).some(([right, level]) => level === "write" && right !== "id-token"),
    );
    const pulls = Object.keys(found.on).some((event) => event.startsWith("pull_request"));
    const heads = writing
      .flatMap(([, job]) => job.steps ?? [])
      .filter((step) => step.with?.["ref"] !== undefined || step.run?.includes("ci workspace"));
    expect([pulls && writing.length > 0, heads]).toEqual([false, []]);
    expect(Object.values(found.permissions)).not.toContain("write");
  });
});

it("a preview has an environment of its own for each environment, which no deployment has", () => {
  const { preview } = workflow("preview.yml").jobs;
  expect(preview?.environment).toMatch(/^preview-\$\{\{ matrix\.environment \}\}$/);
  const deployed = Object.entries(workflow("deploy-stacks.yml").jobs).map(([job, { environment }]) => [
    job,
    environment,
  ]);
  expect(deployed).toEqual([
    ["staging", "staging"],
    ["production-plan", "preview-prod"],
    ["production", "prod"],
  ]);
});

it("a pull request's own code gets no credentials: what has an identity is started by the main branch alone", () => {
  const withIdentity = FILES.filter((file) => text(file).includes("id-token: write"));
  const events = withIdentity.flatMap((file) => Object.keys((parse(text(file)) as Workflow).on));
  expect([...new Set(events)].sort()).toEqual([
    "push",
    "schedule",
    "workflow_call",
    "workflow_dispatch",
    "workflow_run",
  ]);
  for (const name of ["plan.yml", "check.yml", "catalog.yml"]) {
    expect(workflow(name).permissions, name).toEqual({ contents: "read" });
    expect(Object.values(workflow(name).jobs).filter(({ permissions }) => permissions)).toEqual([]);
  }
});

it("a preview installs the base's packages before it checks out the catalog of a pull request", () => {
  const steps = stepsOf(workflow("preview.yml"));
  const install = steps.findIndex(({ run }) => run === "npm ci --omit=dev");
  const workspace = steps.findIndex(({ run }) => run?.includes("ci workspace"));
  expect(install).toBeGreaterThan(0);
  expect(workspace).toBe(install + 1);
  const again = steps.findLastIndex(({ run }) => run === "npm ci --omit=dev");
  expect(steps[again]?.if).toContain("inputs.program == 'head'");
  const signingIn = steps.findIndex(({ uses }) => uses?.startsWith("pulumi/auth-actions@"));
  expect(signingIn).toBeGreaterThan(again);
});

it("a deployment waits for the check, and production for staging and for its plan", () => {
  const { check, deploy } = workflow("deploy.yml").jobs;
  expect(check?.uses).toBe("./.github/workflows/check.yml");
  expect(deploy?.needs).toContain("check");
  const { production, "production-plan": planned } = workflow("deploy-stacks.yml").jobs;
  expect([planned?.needs, production?.needs]).toEqual(["staging", "production-plan"]);
  expect(production?.steps?.map(({ run = "" }) => run.includes("--plan-digest"))).toContain(true);
});

it("no deployment is dropped while another one runs", () => {
  for (const { environment, ...job } of Object.values(workflow("deploy-stacks.yml").jobs)) {
    if (environment?.startsWith("preview-")) continue;
    const concurrency = { group: `deploy-${environment}`, "cancel-in-progress": false, queue: "max" };
    expect(job).toMatchObject({ concurrency });
  }
});

it("keys of stacks are in an SSH agent before a plan or a deployment, for the setup commands of hosts", () => {
  const jobs = [workflow("preview.yml"), workflow("deploy-stacks.yml")].flatMap(({ jobs }) =>
    Object.values(jobs),
  );
  const ready = jobs.map(({ steps = [] }) => {
    const at = (what: string) => steps.findIndex(({ run, uses }) => (run ?? uses)?.includes(what));
    const acts = Math.max(at("ci preview"), at("-- deploy"));
    return at("pulumi/actions@") < at("ci ssh-agent") && at("ci ssh-agent") < acts;
  });
  expect(ready).toEqual([true, true, true, true]);
});

/** The rights that the jobs of a reusable workflow ask for, those of workflows that it calls included. */
function rightsOf(name: string): [string, string][] {
  const { permissions, jobs } = workflow(name);
  return Object.values(jobs).flatMap((job) => {
    const called = job.uses?.startsWith("./") ? rightsOf(job.uses.split("/").at(-1) ?? "") : [];
    return [...Object.entries(job.permissions ?? permissions), ...called];
  });
}

it("an institution's workflows call ours with every right and no other secret than these ask for", () => {
  const calls = globSync("templates/institution/.github/workflows/*.yml", { cwd: REPOSITORY }).flatMap(
    (file) => {
      const { permissions, jobs } = parse(text(file)) as Workflow;
      return Object.values(jobs).map((job) => ({
        file,
        ...job,
        permissions: job.permissions ?? permissions,
      }));
    },
  );
  expect(calls.length).toBeGreaterThan(6);
  for (const { file, uses = "", permissions, secrets = {} } of calls) {
    const [, name = ""] =
      /^my-organization\/lectern\/\.github\/workflows\/([\w-]+\.yml)@COMMIT$/.exec(uses) ?? [];
    const called = workflow(name).on["workflow_call"] as { readonly secrets?: object } | null;
    expect(called, `${file}: ${uses}`).not.toBeUndefined();
    const missing = rightsOf(name).filter(
      ([right, level]) => permissions[right] !== level && permissions[right] !== "write",
    );
    expect(missing, `${file}: ${uses}`).toEqual([]);
    expect(Object.keys(called?.secrets ?? {}).sort(), file).toEqual(Object.keys(secrets).sort());
  }
});

it("the check validates the catalog, for pull requests of forks too", () => {
  const { on, jobs } = workflow("check.yml");
  expect(Object.keys(on)).toContain("pull_request");
  expect(Object.values(jobs).map(({ uses }) => uses)).toContain("./.github/workflows/catalog.yml");
  const runs = stepsOf(workflow("catalog.yml")).map(({ run }) => run);
  expect(runs).toContain("npm run -s lectern -- validate catalog --annotations");
});

it("a report is made after each deployment and each look for drift, and fails none of them", () => {
  const jobs = [workflow("deploy-stacks.yml"), workflow("drift.yml")].flatMap(({ jobs }) =>
    Object.entries(jobs),
  );
  const made = jobs.flatMap(([name, { steps = [] }]) => {
    const at = steps.findIndex(({ run }) => run?.includes("-- report "));
    const acts = steps.findIndex(({ run }) => /-- (deploy|drift) /.test(run ?? ""));
    return at < 0 ? [] : [{ name, ready: acts >= 0 && acts < at, kept: steps[at + 1]?.uses?.split("@")[0] }];
  });
  const kept = "actions/upload-artifact";
  expect(made).toEqual(["staging", "production", "drift"].map((name) => ({ name, ready: true, kept })));
  const steps = jobs.flatMap(([, { steps = [] }]) => steps);
  const own = steps.filter(
    ({ run, uses, with: given }) =>
      run?.includes("-- report ") ||
      uses?.startsWith("actions/cache/") ||
      String(given?.["name"]).startsWith("report"),
  );
  expect(own).toHaveLength(12);
  for (const step of own) expect(step).toMatchObject({ "continue-on-error": true });
});
