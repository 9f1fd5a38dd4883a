import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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
import { dependenciesOf, outOfOrder, type Stored } from "./order.ts";
import { findKubernetesPlugin, findPulumi } from "./programs.ts";
import { type Act, STORY } from "./story.ts";

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
  /** What was decided about articles, by the folder of the services that have them. */
  const decisions = new Map<string, string>();
  /** Each stack's resources on Pulumi after its last operation. */
  const states = new Map<string, readonly Stored[]>();
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
      config: (stack) => ({
        "lectern:clusters": clusters(stack),
        "lectern:articles": decisions.get(services) ?? "{}",
      }),
      environment: { HOME: join(folder, "home") },
      passphrase: PASSPHRASE,
    });

  /** Runs the sandbox; its own engine keeps a state for each stack in `state`. */
  async function onSandbox({ operation, stack }: Act, state = sandboxFolder()): Promise<Outcome> {
    const given = ["--json", "--stack", stack, "--state", state, "--catalog", repository.catalog];
    const before = sandboxResources(stack, state);
    const config = { clusters: clusters(stack), articles: decisions.get(state) ?? "{}" };
    const settings = Object.entries(config).flatMap(([key, value]) => ["--config", `${key}=${value}`]);
    const ended = await callSandbox([operation, ...given, ...settings]);
    const said = ended.stdout + ended.stderr;
    return outcomeOf(report(ended), { before, after: sandboxResources(stack, state), said });
  }

  async function onPulumi({ operation, stack }: Act): Promise<Outcome> {
    const before = states.get(stack) ?? [];
    const operated = await lectern.run(operation, stack);
    const [outputs, after] = [await lectern.pulumi.outputs(stack), await lectern.pulumi.resources(stack)];
    states.set(stack, after);
    return outcomeOf({ ...operated, outputs }, { before, after, said: operated.stdout + operated.stderr });
  }

  function sandboxResources(stack: string, state: string): readonly Stored[] {
    const file = join(state, `state/${stack}.json`);
    return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")).deployment.resources ?? []) : [];
  }

  it("both engines go through the story alike, act by act", { timeout: 40 * MINUTES }, async () => {
    for (const act of STORY) {
      act.change?.(repository);
      for (const services of [sandboxFolder(), lectern.servicesFolder]) {
        act.drift?.(services);
        if (act.answer) decisions.set(services, JSON.stringify(act.answer(services)));
      }
      const [sandbox, pulumi] = [await onSandbox(act), await onPulumi(act)];
      const place = `${act.name}: ${act.operation} of ${act.stack}`;
      expectAlike(act, sandbox, pulumi, `${place}\n${sandbox.said}\n${pulumi.said}`);
      if (act.exchanged) await expectExchanged(act.exchanged);
    }
  });

  /** The states of each engine are taken over by the other, with the services of the one that made them. */
  async function expectExchanged(stacks: readonly Act["stack"][]): Promise<void> {
    const other = engine(mkdtempSync(join(folder, "other-")), sandboxFolder());
    const taken = join(lectern.servicesFolder, "state");
    mkdirSync(taken, { recursive: true });
    writeFileSync(join(taken, "passphrase"), PASSPHRASE);
    for (const stack of stacks) {
      const ofSandbox = join(sandboxFolder(), `state/${stack}.json`);
      await other.serve(stack, () => other.pulumi.import(stack, ofSandbox));
      await lectern.pulumi.export(stack, join(taken, `${stack}.json`));
    }
    for (const stack of stacks) {
      const pulumi = await other.run("preview", stack);
      expect(pulumi.ok, pulumi.stdout + pulumi.stderr).toBe(true);
      const planned = pulumi.steps.filter((step) => !isRendered(step)).map(lineOf);
      expect(changes(planned), pulumi.stdout).toEqual([]);

      const sandbox = await onSandbox(
        { name: "taken over", stack, operation: "preview" },
        lectern.servicesFolder,
      );
      expect(sandbox.ok, sandbox.said).toBe(true);
      expect(changes(sandbox.steps), sandbox.said).toEqual([]);
    }
  }
});

interface Around {
  readonly before: readonly Stored[];
  readonly after: readonly Stored[];
  readonly said: string;
}
interface Result extends Pick<Outcome, "ok" | "summary" | "outputs"> {
  readonly steps: readonly (Parameters<typeof lineOf>[0] & { readonly urn: string })[];
}

function outcomeOf({ ok, steps, summary, outputs }: Result, { before, after, said }: Around): Outcome {
  return {
    ok,
    steps: steps.map(lineOf),
    summary,
    outputs,
    dependencies: dependenciesOf(after),
    outOfOrder: outOfOrder(steps, before, after),
    said,
  };
}
