import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CoreV1Api } from "@kubernetes/client-node";
import { afterAll, beforeAll, expect, it } from "vitest";
import { callSandbox, report } from "../sandbox/command.ts";
import { makeRepository, type Repository } from "../sandbox/repository.ts";
import { type Cluster, findCluster } from "../services/cluster/cluster.ts";
import { requireService } from "../services/require.ts";
import { startHubCluster } from "../upgrade/cluster.ts";
import { changes, expectAlike, isRendered, lineOf, type Outcome } from "./comparison.ts";
import { LecternOnPulumi } from "./lectern.ts";
import { findKubernetesPlugin, findPulumi } from "./programs.ts";
import { type Act, END, STORY } from "./story.ts";

// One story of a catalog's stacks on both engines, each with services of its own: they must agree.
const MINUTES = 60_000;
const PASSPHRASE = "a passphrase of both";
const STACKS = ["sandbox", "staging", "prod"];

/** Nobody waits for nodes, and each stack has a namespace of its own on the one cluster. */
const clusters = (stack: string) => JSON.stringify({ campus: { patience: 0, namespace: `hub-${stack}` } });

const found = () => {
  const [cli, plugin, programs] = [findPulumi(), findKubernetesPlugin(), findCluster()];
  return cli && plugin && programs ? { cli, programs } : undefined;
};

requireService("the real Pulumi and a Kubernetes API", found, ({ cli, programs }) => {
  let folder: string;
  let repository: Repository;
  let cluster: Cluster;
  let lectern: LecternOnPulumi;
  const sandboxFolder = () => join(folder, "sandbox");

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "lectern-story-"));
    repository = makeRepository();
    mkdirSync(join(folder, "home"));
    cluster = await startHubCluster(programs, join(folder, "home"));
    const core = cluster.kubeConfig.makeApiClient(CoreV1Api);
    for (const stack of STACKS) await core.createNamespace({ body: { metadata: { name: `hub-${stack}` } } });
    lectern = engine(join(folder, "real"), join(folder, "real", "services"));
  });
  afterAll(async () => {
    await cluster?.stop();
    repository?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const engine = (at: string, services: string) =>
    new LecternOnPulumi({
      cli,
      folder: at,
      services,
      catalog: repository.catalog,
      config: (stack) => ({ "lectern:clusters": clusters(stack) }),
      environment: { HOME: join(folder, "home") },
      passphrase: PASSPHRASE,
    });

  async function onSandbox({ operation, stack }: Act, state = sandboxFolder()): Promise<Outcome> {
    const given = ["--json", "--stack", stack, "--state", state, "--catalog", repository.catalog];
    const ended = await callSandbox([operation, ...given, "--config", `clusters=${clusters(stack)}`]);
    const { ok, steps, summary, outputs } = report(ended);
    return { ok, steps: steps.map(lineOf), summary, outputs, said: ended.stdout + ended.stderr };
  }

  async function onPulumi({ operation, stack }: Act): Promise<Outcome> {
    const { ok, steps, summary, stdout, stderr } = await lectern.run(operation, stack);
    const outputs = await lectern.pulumi.outputs(stack);
    return { ok, steps: steps.map(lineOf), summary, outputs, said: stdout + stderr };
  }

  it.each([
    ["the story goes", STORY],
    ["each state plans no change on the other engine, and the end comes", END],
  ])("%s alike on both engines, act by act", { timeout: 40 * MINUTES }, async (_name, acts) => {
    if (acts === END) await expectTakenOver("staging");
    for (const act of acts) {
      act.change?.(repository);
      act.drift?.(sandboxFolder());
      act.drift?.(lectern.servicesFolder);
      const [sandbox, pulumi] = [await onSandbox(act), await onPulumi(act)];
      const place = `${act.name}: ${act.operation} of ${act.stack}`;
      expectAlike(act, sandbox, pulumi, `${place}\n${sandbox.said}\n${pulumi.said}`);
    }
  });

  /** The state of each engine is taken over by the other, with the services of the one that made it. */
  async function expectTakenOver(stack: "staging"): Promise<void> {
    const ofPulumi = join(folder, "exported.json");
    await lectern.pulumi.export(stack, ofPulumi);
    const other = engine(join(folder, "other"), sandboxFolder());
    const ofSandbox = join(sandboxFolder(), `state/${stack}.json`);
    await other.serve(stack, () => other.pulumi.import(stack, ofSandbox));
    const pulumi = await other.run("preview", stack);
    expect(pulumi.ok, pulumi.stdout + pulumi.stderr).toBe(true);
    const planned = pulumi.steps.filter((step) => !isRendered(step)).map(lineOf);
    expect(changes(planned), pulumi.stdout).toEqual([]);

    const taken = join(lectern.servicesFolder, "state");
    mkdirSync(taken, { recursive: true });
    writeFileSync(join(taken, "passphrase"), PASSPHRASE);
    cpSync(ofPulumi, join(taken, `${stack}.json`));
    const act: Act = { name: "taken over", stack, operation: "preview" };
    const sandbox = await onSandbox(act, lectern.servicesFolder);
    expect(sandbox.ok, sandbox.said).toBe(true);
    expect(changes(sandbox.steps), sandbox.said).toEqual([]);
  }
});
