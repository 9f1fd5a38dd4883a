import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { DeployOptions } from "../../cli/deploy/deploy.ts";
import { boundPlan, digestOfPlan } from "../../plan/digest/plan-digest.ts";
import { PROJECT_ROOT } from "../../sandbox/engine/fixtures/scenario.ts";
import { requireService } from "../services/require.ts";
import { type DeployReport, reported, startDeploy } from "./deploying.ts";
import { findPulumi } from "./programs.ts";
import { Pulumi } from "./pulumi.ts";

// `lectern deploy` over the stacks of two clusters, whose program is the engine's fixture.
const MINUTES = 60_000;

requireService("the real Pulumi", findPulumi, (cli) => {
  let folder: string;
  let pulumi: Pulumi;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "lectern-deploy-"));
    pulumi = new Pulumi({ cli, folder, root: PROJECT_ROOT });
    for (const cluster of ["a", "b"]) {
      mkdirSync(join(pulumi.project, "catalog/clusters", cluster), { recursive: true });
      for (const environment of ["staging", "prod"]) await add(`${environment}-${cluster}`, cluster);
    }
  }, 5 * MINUTES);
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function add(stack: string, cluster: string) {
    await pulumi.init(stack);
    await resources(stack, [{ name: "hub", props: { value: 1 } }]);
    await pulumi.configure(stack, { "lectern:scope": JSON.stringify({ clusters: [cluster] }) });
  }
  const resources = (stack: string, wanted: object[]) =>
    pulumi.configure(stack, {
      "lectern:world": join(folder, `world-${stack}`),
      "fixture:resources": JSON.stringify(wanted),
    });
  const failing = [
    { name: "hub", props: { value: 1, fail: ["create"] } },
    { name: "other", props: { value: 1 } },
  ];

  const deploy = (options: Partial<DeployOptions>) => startDeploy(pulumi, options);
  const report = (options: Partial<DeployOptions> = {}) => reported(deploy({ ...options, json: true }));

  it("deploys every stack but the one that fails, and goes on where it is run again", {
    timeout: 10 * MINUTES,
  }, async () => {
    await resources("staging-a", failing);
    const first = await report();
    expect(first.states).toEqual([
      "staging-a failed",
      "staging-b deployed",
      "prod-a deployed",
      "prod-b deployed",
    ]);
    // The other resource of the stack, as it goes on after an error.
    expect(first.stacks[0]).toMatchObject({ errors: [expect.stringContaining("hub can't be made")] });
    expect((await pulumi.resources("staging-a")).some(({ urn }) => urn.endsWith("::other"))).toBe(true);

    await resources("staging-a", [{ name: "hub", props: { value: 1 } }]);
    const again = await report();
    expect(again.states.every((state) => state.endsWith(" deployed"))).toBe(true);
    expect(again.stacks[0]?.changes).toMatchObject({ create: 1, delete: 1 });
    expect(again.stacks[1]?.changes).not.toHaveProperty("create");

    const { code, stdout } = await deploy({ only: "b", environment: "prod" }).ended;
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^Deploying prod: prod-b\n {2}✓ prod-b {2}\d unchanged .*\n1 stack in \d+ s: 1 deployed\.\n$/,
    );
  });

  it("deploys what was approved, and stops where the plan is another one by then", {
    timeout: 10 * MINUTES,
  }, async () => {
    const preview = async () => {
      const { stdout } = await pulumi.call("preview", "--json", "--show-sames", "--stack", "prod-b");
      return boundPlan(JSON.parse(stdout));
    };
    const approved = await preview();
    const [digest, file] = [digestOfPlan(approved), join(folder, "prod-b.json")];
    expect(digestOfPlan(await preview())).toBe(digest);
    writeFileSync(file, JSON.stringify(approved));
    const all = { environment: "prod" as const, planDigest: [digest], approvedPlan: [file] };
    const options = { ...all, only: "b" };

    await resources("prod-b", [
      { name: "hub", props: { value: 2 } },
      { name: "other", props: { value: 1 } },
    ]);
    const stopped = await report(options);
    expect(stopped.states).toEqual(["prod-b failed"]);
    expect(stopped.stacks[0]?.errors.join("\n")).toMatch(/nothing is deployed.*new: create \S+ other/s);
    expect(await pulumi.resources("prod-b")).toEqual([]);

    await resources("prod-b", [{ name: "hub", props: { value: 1 } }]);
    expect((await report(options)).states).toEqual(["prod-b deployed"]);
    const missing = await deploy(all).ended;
    expect(missing).toMatchObject({ code: 1, stdout: "" });
    expect(missing.stderr).toMatch(/the stack prod-a would be deployed without an approved plan/);
  });

  it("stops the later waves where a stack of an earlier one fails", { timeout: 10 * MINUTES }, async () => {
    writeFileSync(join(pulumi.project, "catalog/waves.yaml"), "waves: [b, a]\n");
    await resources("prod-b", failing);
    const { states } = await report({ environment: "prod" });
    expect(states).toEqual(["prod-b failed", "prod-a not started"]);
  });

  it("ends in order where it is interrupted, and goes on where it is run again", {
    timeout: 10 * MINUTES,
  }, async () => {
    const wait = join(folder, "go-on");
    await resources("staging-a", [
      { name: "first", props: { value: 1 } },
      { name: "slow", props: { value: 1, wait }, dependsOn: ["first"] },
      { name: "last", props: { value: 1 }, dependsOn: ["slow"] },
    ]);
    const { child, ended } = deploy({ jobs: 1, json: true });
    const calls = join(folder, "world-staging-a/calls");
    await vi.waitUntil(() => existsSync(calls) && readFileSync(calls, "utf8").includes("create slow"), {
      timeout: 3 * MINUTES,
    });
    child.kill("SIGTERM");
    appendFileSync(wait, "");
    const { code, stdout } = await ended;
    expect(code).toBe(1);
    const { stacks }: DeployReport = JSON.parse(stdout);
    expect(stacks.map(({ stack, state }) => `${stack} ${state}`)).toEqual([
      "staging-a interrupted",
      "staging-b not started",
      "prod-a not started",
      "prod-b not started",
    ]);
    expect((await report()).ok).toBe(true);
    const created = readFileSync(calls, "utf8")
      .split("\n")
      .filter((line) => line.startsWith("create "));
    expect(created).toEqual(["create first", "create slow", "create last"]);
  });

  it("deploys nothing where the files of stacks contradict each other, or a stack is missing", {
    timeout: 10 * MINUTES,
  }, async () => {
    await pulumi.configure("prod-b", { "lectern:scope": '{"clusters":["a","b"]}' });
    const twice = await deploy({}).ended;
    expect(twice).toMatchObject({ code: 1, stdout: "" });
    expect(twice.stderr).toMatch(/the cluster a would be deployed by prod-a and by prod-b/);
    await pulumi.configure("prod-b", { "lectern:scope": '{"clusters":["b"]}' });
    writeFileSync(join(pulumi.project, "Pulumi.staging.yaml"), "config: {lectern:scope: {articles: true}}\n");
    mkdirSync(join(pulumi.project, "catalog/courses/bell"), { recursive: true });
    const missing = await deploy({}).ended;
    expect(missing).toMatchObject({ code: 1, stdout: "" });
    expect(missing.stderr).toMatch(/there is no stack staging\. Create it with `pulumi stack init staging`/);
  });
});
