import * as kubernetes from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterFiles } from "../../components/cluster/cluster-files.ts";
import { DEFAULT_CLUSTER } from "../../components/cluster/config.ts";
import { ImagePrepuller } from "../../components/cluster/prepull/image-prepuller.ts";
import type { StartableImage } from "../../components/hub/profiles/profile-list.ts";
import type { StackConfig } from "../config.ts";

/** Registers what brings images to a cluster's nodes. @returns whether the nodes hold them */
export function prepull(
  cluster: ClusterFiles,
  images: readonly StartableImage[],
  config: StackConfig,
): pulumi.Output<boolean> {
  const {
    context,
    namespace,
    patience: readyTimeout,
    carrier: pauseImage,
    pullSecrets,
    priorityClassName,
  } = config.clusters[cluster.name] ?? DEFAULT_CLUSTER;
  const kubeconfig = config.kubeconfigs?.[cluster.name];
  const provider = new kubernetes.Provider(cluster.name, {
    ...(kubeconfig === undefined ? {} : { kubeconfig: pulumi.secret(kubeconfig) }),
    ...(context === undefined ? {} : { context }),
  });
  const { ready } = new ImagePrepuller(
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
      ...(priorityClassName === undefined ? {} : { priorityClassName }),
    },
    { providers: { kubernetes: provider } },
  );
  return ready;
}
