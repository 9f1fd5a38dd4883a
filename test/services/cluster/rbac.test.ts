import {
  AuthorizationV1Api,
  type KubeConfig,
  KubernetesObjectApi,
  type V1SubjectAccessReview,
} from "@kubernetes/client-node";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Account, rbacManifests, type Subjects } from "../../../cli/cluster/rbac.ts";
import type { ClusterDeclaration } from "../../../components/cluster/declaration/cluster-declaration.ts";
import { requireService } from "../require.ts";
import { type Cluster, findCluster, startCluster } from "./cluster.ts";

const ACCOUNTS = ["staging", "prod", "preview"] as const;
const group = (account: Account) => ({ kind: "Group", name: `lectern-${account}` }) as const;
const SUBJECTS: Subjects = { staging: group("staging"), prod: group("prod"), preview: group("preview") };

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
});
