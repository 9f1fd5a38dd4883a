import * as kubernetes from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterFiles } from "../../components/cluster/cluster-files.ts";
import { DEFAULT_CLUSTER } from "../../components/cluster/config.ts";
import { type BuiltImage, ImagePrepuller } from "../../components/cluster/prepull/image-prepuller.ts";
import type { StartableImage } from "../../components/hub/profiles/images/startable-images.ts";
import type { StackConfig } from "../config.ts";

/** What a cluster's nodes hold ready. */
export interface Prepulled {
  /** Whether they hold every image. */
  readonly ready: pulumi.Output<boolean>;
  /** What is done once they do. */
  readonly done: readonly pulumi.Resource[];
  /** What is done once every node that needs an image holds it; nothing where no node does, or nothing waits. */
  holding(name: string, image: string): pulumi.Resource[];
}

/** The images that nodes are to hold. */
export interface HeldImages {
  readonly images: readonly StartableImage[];
  /** Those of them that the catalog builds. */
  readonly built: readonly BuiltImage[];
}

/** Where images are brought to. */
export interface PrepullPlace {
  readonly provider: kubernetes.Provider;
  readonly context?: string | undefined;
  readonly kubeconfig?: string | undefined;
  /** In the DaemonSets' names, where environments share a cluster. */
  readonly environment?: string | undefined;
  /** Registers a namespace that is to be there; where it is not given, somebody else has made it. */
  readonly namespace?: (name: string) => pulumi.Resource;
}

/** A cluster without cluster.yaml: the configuration says how it is reached. */
export function configuredPlace({ name }: ClusterFiles, config: StackConfig): PrepullPlace {
  const { context } = config.clusters[name] ?? DEFAULT_CLUSTER;
  const kubeconfig = config.kubeconfigs?.[name];
  const provider = new kubernetes.Provider(name, {
    ...(kubeconfig === undefined ? {} : { kubeconfig: pulumi.secret(kubeconfig) }),
    ...(context === undefined ? {} : { context }),
    // As a cluster with cluster.yaml has it: another address of its API replaces nothing.
    clusterIdentifier: name,
  });
  return { provider, context };
}

/** Registers what brings images to a cluster's nodes. */
export function prepull(
  cluster: ClusterFiles,
  { images, built }: HeldImages,
  config: StackConfig,
  { provider, context, kubeconfig, environment, namespace: registerNamespace }: PrepullPlace,
): Prepulled {
  const {
    namespace,
    patience: readyTimeout,
    carrier: pauseImage,
    pullSecrets,
    priorityClassName,
    userTolerations,
    toleratedFailures,
    pullSpread,
  } = config.clusters[cluster.name] ?? DEFAULT_CLUSTER;
  const prepuller = new ImagePrepuller(
    cluster.name,
    {
      cluster: cluster.name,
      context,
      kubeconfig,
      environment,
      namespace,
      nodeGroups: cluster.nodeGroups,
      images,
      built,
      after: registerNamespace ? [registerNamespace(namespace)] : [],
      pauseImage,
      readyTimeout,
      pullSecrets,
      userTolerations,
      toleratedFailures,
      pullSpread,
      ...(priorityClassName === undefined ? {} : { priorityClassName }),
    },
    { providers: { kubernetes: provider } },
  );
  return {
    ready: prepuller.ready,
    done: prepuller.done,
    holding: (name, image) => prepuller.holding(name, image),
  };
}
