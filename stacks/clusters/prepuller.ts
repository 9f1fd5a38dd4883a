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
  /** What is done once every node that needs an image holds it; nothing where no node does, or nothing waits. */
  holding(name: string, image: string): pulumi.Resource[];
}

/** Registers what brings images to a cluster's nodes. */
export function prepull(
  cluster: ClusterFiles,
  images: readonly StartableImage[],
  config: StackConfig,
): Prepulled {
  const {
    context,
    namespace,
    patience: readyTimeout,
    carrier: pauseImage,
    pullSecrets,
    priorityClassName,
    userTolerations,
    toleratedFailures,
    pullSpread,
  } = config.clusters[cluster.name] ?? DEFAULT_CLUSTER;
  const kubeconfig = config.kubeconfigs?.[cluster.name];
  const provider = new kubernetes.Provider(cluster.name, {
    ...(kubeconfig === undefined ? {} : { kubeconfig: pulumi.secret(kubeconfig) }),
    ...(context === undefined ? {} : { context }),
  });
  const prepuller = new ImagePrepuller(
    cluster.name,
    {
      cluster: cluster.name,
      context,
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
  return { ready: prepuller.ready, holding: (name, image) => prepuller.holding(name, image) };
}
