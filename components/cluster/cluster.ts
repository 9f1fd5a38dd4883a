import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { Provider } from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterAccess } from "./kube-config.ts";

/** How a Kubernetes cluster is reached. */
export interface ClusterArgs {
  /** The context of the kubeconfig. @default its current one */
  readonly context?: string | undefined;
  /** The kubeconfig's file, relative to the project. @default that of whoever deploys */
  readonly kubeconfig?: string | undefined;
  /** The kubeconfig's text, a secret; it takes precedence over the file. */
  readonly kubeconfigText?: pulumi.Input<string> | undefined;
  /** Whether namespaces are protected against removal. @default false */
  readonly protect?: boolean;
}

/** A Kubernetes cluster of the catalog: who talks to it, and the namespaces of what it runs. */
export class Cluster extends pulumi.ComponentResource {
  readonly name: string;
  readonly provider: Provider;
  /** How custom resources reach the cluster. */
  readonly access: ClusterAccess;
  readonly #protect: boolean;
  readonly #namespaces = new Map<string, Namespace>();

  constructor(name: string, args: ClusterArgs = {}, options?: pulumi.ComponentResourceOptions) {
    super("lectern:cluster:Cluster", name, {}, options);
    const { context, kubeconfig, kubeconfigText, protect = false } = args;
    this.name = name;
    this.#protect = protect;
    this.access = {
      cluster: name,
      ...(context === undefined ? {} : { context }),
      ...(kubeconfig === undefined ? {} : { kubeconfig }),
    };
    // Without an identifier, another address of the API replaces everything that the cluster has. Whether it is the
    // same cluster is found out by its UID, which is not known before a cluster is reached.
    const text = kubeconfigText === undefined ? kubeconfig : pulumi.secret(kubeconfigText);
    this.provider = new Provider(
      name,
      {
        ...(text === undefined ? {} : { kubeconfig: text }),
        ...(context === undefined ? {} : { context }),
        clusterIdentifier: name,
      },
      // Before a cluster was a component, its provider was a child of the stack.
      { parent: this, aliases: [{ parent: pulumi.rootStackResource }] },
    );
    this.registerOutputs();
  }

  /**
   * A namespace of the cluster, registered once. It is never deleted: home directories are in it.
   * @param name as in the cluster
   * @param protect false for a hub that is retired. @default what the cluster's other namespaces have
   */
  namespace(name: string, protect = this.#protect): Namespace {
    const known = this.#namespaces.get(name);
    if (known) return known;
    const namespace = new Namespace(
      `${this.name}/${name}`,
      { metadata: { name } },
      { parent: this, provider: this.provider, retainOnDelete: true, protect },
    );
    this.#namespaces.set(name, namespace);
    return namespace;
  }
}
