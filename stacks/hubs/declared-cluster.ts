import * as pulumi from "@pulumi/pulumi";
import { Cluster } from "../../components/cluster/cluster.ts";
import { environmentOf } from "../shards/stack-name.ts";
import { deployHubs } from "./hubs.ts";
import type { HubsArgs } from "./hubs-args.ts";
import { ObjectPreview } from "./object-preview.ts";
import { ReleaseReader } from "./release-plan.ts";

// Schemas are compiled, and encrypted files decrypted, once for all clusters.
const READER = new ReleaseReader();

/** Registers a cluster that has `cluster.yaml`. */
export function declaredCluster(
  args: Omit<HubsArgs, "cluster" | "reader" | "profiles" | "after" | "preview">,
) {
  const { declaration, config, policy } = args;
  const { name, provider } = declaration;
  const preview = new ObjectPreview(config, args.before.hubDeployments);
  const text = config.kubeconfigs?.[name];
  const cluster = new Cluster(name, {
    ...provider,
    ...(text === undefined ? {} : { kubeconfigText: pulumi.secret(text) }),
    protect: policy.protect,
  });
  return {
    prepull: { provider: cluster.provider, ...cluster.access, environment: environmentOf(pulumi.getStack()) },
    deployHubs: (profiles: HubsArgs["profiles"], after: HubsArgs["after"]) =>
      deployHubs({ ...args, cluster, reader: READER, preview, profiles, after }),
    /** Waits until a preview has said what it compares. */
    ended: () => preview.end(),
  };
}
