import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  CoreV1Api,
  type KubeConfig,
  type KubernetesObject,
  KubernetesObjectApi,
  PatchStrategy,
} from "@kubernetes/client-node";
import { type Account, type RbacCluster, rbacManifests } from "../../../cli/cluster/rbac.ts";

const NAMESPACE = "ci";
const ACCOUNTS: readonly Account[] = ["staging", "prod", "preview"];
/** As `aws`, `gke-gcloud-auth-plugin` or `kubelogin` is called by the kubeconfigs of clouds. */
const SIGN_IN = "sign-in-to-cluster";

/**
 * Stands in for a cloud's exec plugin, by the real protocol: it gets the token of a service account for a minute,
 * and notes that it was called.
 */
const PLUGIN = `#!/usr/bin/env node
const { appendFileSync, readFileSync } = require("node:fs");
const { apiVersion } = JSON.parse(process.env.KUBERNETES_EXEC_INFO || "{}");
const [folder, account] = process.argv.slice(2);
if (process.env.CLOUD_PROFILE !== "ci") throw new Error("the environment of the kubeconfig is missing");
appendFileSync(folder + "/calls", account + "\\n");
console.log(JSON.stringify({
  apiVersion: apiVersion ?? "client.authentication.k8s.io/v1",
  kind: "ExecCredential",
  status: {
    token: readFileSync(folder + "/" + account, "utf8"),
    expirationTimestamp: new Date(Date.now() + 60_000).toISOString().replace(/\\.\\d+Z$/, "Z"),
  },
}));
`;

/** What roles depend on: the hubs of a cluster. */
export type RbacHubs = RbacCluster["hubs"];

/** CI's accounts in a cluster: service accounts with the roles that `lectern cluster rbac` prints, and no other. */
export class Accounts {
  readonly #config: KubeConfig;
  readonly #folder: string;

  private constructor(config: KubeConfig, folder: string) {
    this.#config = config;
    this.#folder = folder;
  }

  /** @param folder where the plugin gets the tokens from */
  static async create(config: KubeConfig, folder: string, hubs: RbacHubs): Promise<Accounts> {
    mkdirSync(folder, { recursive: true });
    const core = config.makeApiClient(CoreV1Api);
    await core.createNamespace({ body: { metadata: { name: NAMESPACE } } });
    for (const account of ACCOUNTS) {
      const name = { namespace: NAMESPACE, name: account };
      await core.createNamespacedServiceAccount({ ...name, body: { metadata: { name: account } } });
      const body = { spec: { audiences: [], expirationSeconds: 7200 } };
      const { status } = await core.createNamespacedServiceAccountToken({ ...name, body });
      writeFileSync(join(folder, account), status?.token ?? "", { mode: 0o600 });
    }
    const accounts = new Accounts(config, folder);
    await accounts.grant(hubs);
    return accounts;
  }

  /** Applies the roles for these hubs and support, as an administrator does once the catalog has changed. */
  async grant(hubs: RbacHubs, support?: RbacCluster["support"]): Promise<void> {
    const objects = KubernetesObjectApi.makeApiClient(this.#config);
    const subject = (account: Account) =>
      ({ kind: "User", name: `system:serviceaccount:${NAMESPACE}:${account}` }) as const;
    const manifests = rbacManifests({
      cluster: { hubs, support },
      subjects: { staging: subject("staging"), prod: subject("prod"), preview: subject("preview") },
      prepullNamespace: "jupyterhub",
    });
    for (const manifest of manifests) {
      const body: KubernetesObject = manifest;
      await objects.patch(body, undefined, undefined, "kubectl", true, PatchStrategy.ServerSideApply);
    }
  }

  /** The kubeconfig of an account, as a cloud's command writes it: it has no credential. */
  kubeconfig(account: Account): string {
    const exec = {
      apiVersion: "client.authentication.k8s.io/v1",
      command: SIGN_IN,
      args: [this.#folder, account],
      env: [{ name: "CLOUD_PROFILE", value: "ci" }],
      interactiveMode: "Never",
      provideClusterInfo: true,
    };
    const { clusters, contexts, "current-context": current } = JSON.parse(this.#config.exportConfig());
    const [{ name, context }] = contexts;
    return JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters,
      users: [{ name: context.user, user: { exec } }],
      contexts: [{ name, context }],
      "current-context": current,
    });
  }
}

/** Writes the exec plugin. @param folder is on the PATH of who deploys */
export function writePlugin(folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, SIGN_IN), PLUGIN, { mode: 0o755 });
}
