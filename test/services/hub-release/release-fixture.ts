import {
  CoreV1Api,
  KubernetesObjectApi,
  type KubernetesObject as Patched,
  PatchStrategy,
} from "@kubernetes/client-node";
import { releaseDriftProvider } from "../../../components/hub/drift/release-drift-provider.ts";
import { type KubernetesApi, kubernetesApi } from "../../../components/hub/release/api/kubernetes-api.ts";
import { releaseLeaseProvider } from "../../../components/hub/release/lease/release-lease-provider.ts";
import { releaseHistory } from "../../../components/hub/release/record/release-history.ts";
import { hubRetirementProvider } from "../../../components/hub/retirement/hub-retirement-provider.ts";
import { systemClock } from "../../../components/resource/context/clock.ts";
import {
  makeContext,
  type ProviderContext,
  type Report,
} from "../../../components/resource/context/context.ts";
import type { BoundProvider, Properties } from "../../../components/resource/provide.ts";
import { type Cluster, type ClusterPrograms, findCluster, startCluster } from "../cluster/cluster.ts";
import { findHelm } from "../require.ts";
import { type Helm, helmOn } from "./helm.ts";

/** What the tests of releases need: a cluster's programs, and Helm. */
export function findReleases(): { cluster: ClusterPrograms; helm: string } | undefined {
  const [cluster, helm] = [findCluster(), findHelm()];
  return cluster === undefined || helm === undefined ? undefined : { cluster, helm };
}

export interface Releases {
  readonly cluster: Cluster;
  readonly helm: Helm;
  /** A namespace of its own, with what deploys the release `hub` there. */
  namespace(name: string): Promise<Deployed>;
}

/** A release in a namespace, as a deployment and people see it. */
export interface Deployed {
  readonly namespace: string;
  readonly api: KubernetesApi;
  readonly helm: Helm["run"];
  readonly start: Helm["start"];
  /** A run of a deployment. */
  run(): Run;
  /** Status by revision, newest first: `2 deployed`. */
  history(): Promise<string[]>;
  /** Changes an object as a person's tool does. */
  edit(object: Named, patch: Fields, manager?: string, strategy?: PatchStrategy): Promise<unknown>;
}

/** A run, with the operations of its resources. */
export interface Run {
  readonly lease: Operations;
  readonly drift: Operations;
  readonly retirement: Operations;
  readonly context: ProviderContext;
  /** Ends it: it renews no Lease any more, and frees one where nothing is under way. */
  end(): void;
}

interface Fields {
  readonly metadata?: object;
  readonly [field: string]: unknown;
}

export interface Named {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

/** A provider's operations, with what each reports. */
interface Operations {
  create(inputs: Properties): Promise<Outcome>;
  diff(state: Properties, inputs: Properties): Promise<Outcome & { changes: boolean }>;
  update(state: Properties, inputs: Properties): Promise<Outcome>;
  read(state: Properties): Promise<Outcome>;
}

interface Outcome {
  readonly state: Properties;
  readonly warnings: string[];
  readonly notes: string[];
}

export async function startReleases(programs: { cluster: ClusterPrograms; helm: string }): Promise<Releases> {
  const cluster = await startCluster(programs.cluster);
  const core = cluster.kubeConfig.makeApiClient(CoreV1Api);
  await core.createNode({ body: { metadata: { name: "node", labels: { "kubernetes.io/os": "linux" } } } });
  const helm = helmOn(programs.helm, cluster.kubeconfig);
  return {
    cluster,
    helm,
    namespace: async (namespace) => {
      await core.createNamespace({ body: { metadata: { name: namespace } } });
      return deployed(cluster, helm, namespace);
    },
  };
}

async function deployed(cluster: Cluster, helm: Helm, namespace: string): Promise<Deployed> {
  const api = await kubernetesApi("east", cluster.kubeConfig, namespace);
  const objects = KubernetesObjectApi.makeApiClient(cluster.kubeConfig);
  return {
    namespace,
    api,
    helm: (...args) => helm.run(...args, "--namespace", namespace),
    start: (...args) => helm.start(...args, "--namespace", namespace),
    run: () => runOn(cluster),
    history: async () =>
      (await releaseHistory(api, { namespace, release: "hub" })).map(
        ({ revision, status }) => `${revision} ${status}`,
      ),
    edit: ({ metadata, ...object }, patch, manager = "kubectl-edit", strategy = PatchStrategy.MergePatch) => {
      const { metadata: more, ...fields } = patch;
      const body: Patched = { ...object, ...fields, metadata: { ...metadata, namespace, ...more } };
      return objects.patch(body, undefined, undefined, manager, undefined, strategy);
    },
  };
}

let runs = 0;

function runOn(cluster: Cluster): Run {
  const reports: Report[] = [];
  const kubeconfigs = JSON.stringify({ east: cluster.kubeConfig.exportConfig() });
  const end = new AbortController();
  const context = makeContext({
    raw: (key) => (key === "kubeconfigs" ? kubeconfigs : undefined),
    fetch,
    clock: systemClock,
    report: (report) => void reports.push(report),
    run: `run-${++runs}`,
    signal: end.signal,
  });
  const operations = (provider: BoundProvider) => operationsOf(provider, context, reports);
  return {
    lease: operations(releaseLeaseProvider),
    drift: operations(releaseDriftProvider),
    retirement: operations(hubRetirementProvider),
    context,
    end: () => end.abort(),
  };
}

function operationsOf(provider: BoundProvider, context: ProviderContext, reports: Report[]): Operations {
  const run = async <T>(act: (context: ProviderContext) => Promise<T>) => {
    const answer = await act(context);
    const told = reports.splice(0);
    const of = (severity: Report["severity"]) =>
      told.filter((report) => report.severity === severity).map(({ message }) => message);
    return { answer, warnings: of("warning"), notes: of("info") };
  };
  return {
    create: async (inputs) => {
      const { answer, ...reported } = await run((context) => provider.create(inputs, context));
      return { state: answer.outs, ...reported };
    },
    diff: async (state, inputs) => {
      const { answer, ...reported } = await run((context) => provider.diff("id", state, inputs, context));
      return { state, changes: answer.changes, ...reported };
    },
    update: async (state, inputs) => {
      const { answer, ...reported } = await run((context) => provider.update("id", state, inputs, context));
      return { state: answer.outs, ...reported };
    },
    read: async (state) => {
      const { answer, ...reported } = await run((context) => provider.read("id", state, context));
      return { state: answer.props ?? {}, ...reported };
    },
  };
}
