import * as kubernetes from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterFiles } from "../../components/cluster/cluster-files.ts";
import { DEFAULT_CLUSTER } from "../../components/cluster/config.ts";
import { ImagePrepuller } from "../../components/cluster/prepull/image-prepuller.ts";
import type { StartableImage } from "../../components/hub/profiles/profile-list.ts";
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

/** Where images are brought to. */
export interface PrepullPlace {
  readonly provider: kubernetes.Provider;
  readonly context?: string | undefined;
  readonly kubeconfig?: string | undefined;
  /** In the DaemonSets' names, where environments share a cluster. */
  readonly environment?: string | undefined;
}

/** A cluster without cluster.yaml: the configuration says how it is reached. */
export function configuredPlace({ name }: ClusterFiles, config: StackConfig): PrepullPlace {
  const { context } = config.clusters[name] ?? DEFAULT_CLUSTER;
  const kubeconfig = config.kubeconfigs?.[name];
  const provider = new kubernetes.Provider(name, {
    ...(kubeconfig === undefined ? {} : { kubeconfig: pulumi.secret(kubeconfig) }),
    ...(context === undefined ? {} : { context }),
  });
  return { provider, context };
}

/** Registers what brings images to a cluster's nodes. */
export function prepull(
  cluster: ClusterFiles,
  images: readonly StartableImage[],
  config: StackConfig,
  { provider, context, kubeconfig, environment }: PrepullPlace,
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
