import { setTimeout as pause } from "node:timers/promises";
import {
  AuthorizationV1Api,
  CoreV1Api,
  KubeConfig,
  KubernetesObjectApi,
  NetworkingV1Api,
  RbacAuthorizationV1Api,
  type V1SubjectAccessReview,
} from "@kubernetes/client-node";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Account, rbacManifests, type Subjects } from "../../../cli/cluster/rbac.ts";
import type { ClusterDeclaration } from "../../../components/cluster/declaration/cluster-declaration.ts";
import { digestOf } from "../../../components/digest.ts";
import { proofCluster } from "../../../components/proof/job/job-cluster.ts";
import { jobName } from "../../../components/proof/job/job-objects.ts";
import { proofJobs } from "../../../components/proof/job/proof-jobs.ts";
import type { NotebookJob } from "../../../components/proof/run/run-notebook.ts";
import { reportLog } from "../../../components/proof/testing/played-cluster.ts";
import { systemClock } from "../../../components/resource/context/clock.ts";
import { makeContext } from "../../../components/resource/context/context.ts";
import { requireService } from "../require.ts";
import { type Cluster, findCluster, startCluster } from "./cluster.ts";

const ACCOUNTS = ["staging", "prod", "preview"] as const;
const group = (account: Account) => ({ kind: "Group", name: `lectern-${account}` }) as const;
const SUBJECTS: Subjects = { staging: group("staging"), prod: group("prod"), preview: group("preview") };

const KEY = digestOf("a notebook").slice("sha256:".length);
const SUBJECT = {
  key: KEY,
  course: "course/qaoa",
  notebook: "one.ipynb",
  kernel: "campus/lab",
  image: `registry.example/lab@${digestOf("an image")}`,
};
const NOTEBOOK: NotebookJob = {
  path: "one.ipynb",
  notebook: { kernel: undefined, cells: [{ number: 1, code: "1", mayFail: false, outputs: [] }] },
  language: "python",
  files: [],
  mayFail: new Set(),
  timeout: 60_000,
  cellTimeout: 60_000,
  memory: 2 ** 30,
  network: false,
  comparison: {},
};

/** The part of a declaration that roles depend on. */
const hub = (environment: "staging" | "prod", namespace: string) =>
  ({ environment, namespace }) as ClusterDeclaration["hubs"][number];
const MANIFESTS = rbacManifests({
  cluster: {
    hubs: [hub("staging", "staging"), hub("prod", "campus")],
    support: { namespace: "support" } as NonNullable<ClusterDeclaration["support"]>,
  },
  subjects: SUBJECTS,
  prepullNamespace: "jupyterhub",
});

requireService("a Kubernetes API (etcd, and what cluster/build.sh builds)", findCluster, (programs) => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster(programs);
    const objects = KubernetesObjectApi.makeApiClient(cluster.kubeConfig);
    for (const manifest of MANIFESTS) await objects.create(manifest);
  }, 300_000);
  afterAll(() => cluster?.stop());

  /** Which of the accounts may do something: `patch apps/deployments campus`. */
  async function whoMay(kubeConfig: KubeConfig, action: string): Promise<Account[]> {
    const [verb = "", what = "", namespace] = action.split(" ");
    const [group = "", path = ""] = what.includes(":") ? what.split(":") : ["", what];
    const [resource = "", subresource] = path.split("/");
    const api = kubeConfig.makeApiClient(AuthorizationV1Api);
    const allowed: Account[] = [];
    for (const account of ACCOUNTS) {
      const name = resource === "namespaces" ? namespace : undefined;
      const body: V1SubjectAccessReview = {
        spec: {
          user: `ci-${account}`,
          groups: [SUBJECTS[account].name],
          resourceAttributes: {
            verb,
            group,
            resource,
            ...(subresource ? { subresource } : {}),
            ...(name ? { name } : {}),
            ...(namespace && !name ? { namespace } : {}),
          },
        },
      };
      const { status } = await api.createSubjectAccessReview({ body });
      if (status?.allowed) allowed.push(account);
    }
    return allowed;
  }

  it.each<[string, Account[]]>([
    ["create apps:deployments staging", ["staging"]],
    ["create apps:deployments campus", ["prod"]],
    ["patch secrets support", ["staging"]],
    ["create batch:jobs campus", ["prod"]],
    ["update coordination.k8s.io:leases campus", ["prod"]],
    ["get pods/log campus", ["prod"]],
    ["create apps:daemonsets jupyterhub", ["staging", "prod"]],
    ["create secrets jupyterhub", []],
    ["list nodes", ["staging", "prod", "preview"]],
    ["get namespaces campus", ["prod", "preview"]],
    ["get namespaces kube-system", ["staging", "prod", "preview"]],
    ["patch namespaces kube-system", []],
    ["delete namespaces campus", []],
    ["create namespaces", []],
    ["get apps:deployments campus", ["prod", "preview"]],
    ["list apps:deployments campus", ["prod"]],
    ["list secrets campus", ["prod", "preview"]],
    ["get pods campus", ["prod"]],
    ["create pods/exec campus", []],
    ["get secrets kube-system", []],
    ["escalate rbac.authorization.k8s.io:clusterroles", []],
    ["impersonate users", []],
  ])("%s is for %j alone", async (action, accounts) => {
    expect(await whoMay(cluster.kubeConfig, action)).toEqual(accounts);
  });

  it("staging's roles are enough to run a notebook on a hub's image, and nothing of it stays", async () => {
    const core = cluster.kubeConfig.makeApiClient(CoreV1Api);
    const room = { cpu: "4", memory: "16Gi", pods: "110", "ephemeral-storage": "100Gi" };
    await core.createNode({
      body: { metadata: { name: "users-1" }, status: { allocatable: room, capacity: room } },
    });
    const objects = await proofCluster(await accountOf("lectern-staging"), "campus", "staging");
    // Pods of kwok print nothing: the test plays what the script would.
    const log = reportLog(KEY, { cells: [{ number: 1, at: 0, late: false, outputs: [] }] });
    const played = { ...objects, log: async () => log };
    const store = { find: async () => new Map() };
    const jobsOfRun = () => {
      const run = { raw: () => undefined, fetch, clock: systemClock, report: () => {}, run: "test" };
      const place = { namespace: "staging" };
      return proofJobs({ cluster: played, place, name: "campus", store, context: makeContext(run) });
    };
    const first = await jobsOfRun().run({ ...SUBJECT, job: async () => NOTEBOOK }, NOTEBOOK);
    expect(first.outcome).toEqual({ outcome: "passed" });

    // A run that was killed before it kept the result finds the Job and its pod.
    const name = jobName(KEY);
    const ended = await objects.job(name);
    const uid = ended?.metadata?.uid ?? "";
    expect(await objects.pods(uid)).toHaveLength(1);
    const again = await jobsOfRun().run({ ...SUBJECT, job: async () => NOTEBOOK }, NOTEBOOK);
    expect(again.outcome).toEqual(first.outcome);
    expect((await objects.job(name))?.metadata?.uid).toBe(uid);

    await again.kept?.();
    const labelSelector = `lectern.dev/proof=${name}`;
    const networking = cluster.kubeConfig.makeApiClient(NetworkingV1Api);
    const left = async () => {
      const maps = await core.listNamespacedConfigMap({ namespace: "staging", labelSelector });
      const policies = await networking.listNamespacedNetworkPolicy({ namespace: "staging", labelSelector });
      return [...maps.items, ...policies.items, ...(await objects.pods(uid))].length;
    };
    while ((await left()) > 0) await pause(200);
    expect(cluster.refused()).toEqual([]);
  }, 60_000);

  /** How somebody with a role in staging's namespace reaches the API. */
  async function accountOf(role: string): Promise<KubeConfig> {
    const [namespace, name] = ["staging", "ci"];
    const core = cluster.kubeConfig.makeApiClient(CoreV1Api);
    await core.createNamespacedServiceAccount({ namespace, body: { metadata: { name } } });
    const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role };
    const subjects = [{ kind: "ServiceAccount", name, namespace }];
    await cluster.kubeConfig
      .makeApiClient(RbacAuthorizationV1Api)
      .createNamespacedRoleBinding({ namespace, body: { metadata: { name }, roleRef, subjects } });
    const body = { spec: { audiences: [], expirationSeconds: 3600 } };
    const { status } = await core.createNamespacedServiceAccountToken({ name, namespace, body });
    const config = new KubeConfig();
    const own = JSON.parse(cluster.kubeConfig.exportConfig());
    config.loadFromString(
      JSON.stringify({ ...own, users: [{ name: "test", user: { token: status?.token } }] }),
    );
    return config;
  }
});
