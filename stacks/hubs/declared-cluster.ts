import * as pulumi from "@pulumi/pulumi";
import { Cluster } from "../../components/cluster/cluster.ts";
import type { PrepullPlace } from "../clusters/prepuller.ts";
import { environmentOf } from "../shards/stack-name.ts";
import { type DeployedHubs, deployHubs } from "./hubs.ts";
import type { HubsArgs } from "./hubs-args.ts";
import { ObjectPreview } from "./object-preview.ts";
import { ReleaseReader } from "./release-plan.ts";

/** What all clusters with `cluster.yaml` are registered from. */
type SharedArgs = Omit<
  HubsArgs,
  "files" | "declaration" | "cluster" | "reader" | "profiles" | "after" | "preview"
>;

/** A cluster with `cluster.yaml`: how images are brought to its nodes, and its hubs. */
export interface DeclaredCluster {
  readonly prepull: PrepullPlace;
  deployHubs(profiles: HubsArgs["profiles"], after: HubsArgs["after"]): Promise<DeployedHubs>;
}

/** Registers clusters that have `cluster.yaml`. What they share is read, fetched and compiled once. */
export class DeclaredClusters {
  readonly #args: SharedArgs;
  readonly #reader = new ReleaseReader();
  readonly #preview: ObjectPreview;

  constructor(args: SharedArgs) {
    this.#args = args;
    this.#preview = new ObjectPreview(args.config, args.before.hubDeployments);
  }

  register(files: HubsArgs["files"], declaration: HubsArgs["declaration"]): DeclaredCluster {
    const { config, policy } = this.#args;
    const { name, provider } = declaration;
    const text = config.kubeconfigs?.[name];
    const cluster = new Cluster(name, {
      ...provider,
      ...(text === undefined ? {} : { kubeconfigText: pulumi.secret(text) }),
      protect: policy.protect,
    });
    const shared = {
      ...this.#args,
      files,
      declaration,
      cluster,
      reader: this.#reader,
      preview: this.#preview,
    };
    return {
      prepull: {
        provider: cluster.provider,
        ...cluster.access,
        environment: environmentOf(pulumi.getStack()),
      },
      deployHubs: (profiles, after) => deployHubs({ ...shared, profiles, after }),
    };
  }

  /** Waits until a preview has reported what it compares. */
  end(): Promise<void> {
    return this.#preview.end();
  }
}
