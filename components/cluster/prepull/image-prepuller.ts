import { DaemonSet, type DaemonSetArgs } from "@pulumi/kubernetes/apps/v1/daemonSet.js";
import * as pulumi from "@pulumi/pulumi";
import { defineResource } from "../../resource/define-resource.ts";
import { type PrepullDaemonSet, type PrepullOptions, prepullManifests } from "./daemonset.ts";
import { prepullReadinessContract } from "./readiness/prepull-readiness-contract.ts";

const PrepullReadiness = defineResource(prepullReadinessContract, ["ready"]);

/** What a cluster's nodes are to hold ready. */
export interface ImagePrepullerArgs extends PrepullOptions {
  /** The cluster's name in the catalog: whose kubeconfig is used to ask how far its nodes are. */
  readonly cluster: string;
  /** The context of that kubeconfig. @default its current one */
  readonly context?: string | undefined;
  /** Seconds to wait for the nodes; 0 asks nothing and waits for nothing. @default 600 */
  readonly readyTimeout?: number;
}

/**
 * The images that users of a cluster's hubs may start, on every node where they may start: a DaemonSet
 * for each node group, and a resource that waits until the nodes hold the images and names those that
 * don't, with the node and the reason. Not for images that are never started: those only fill disks.
 */
export class ImagePrepuller extends pulumi.ComponentResource {
  /** Names of the DaemonSets. */
  readonly daemonSets: pulumi.Output<string[]>;
  /** Whether every node held every image when this was deployed last; true where nothing waits. */
  readonly ready: pulumi.Output<boolean>;

  /** @throws {LecternError} as {@link prepullManifests} does */
  constructor(name: string, args: ImagePrepullerArgs, options?: pulumi.ComponentResourceOptions) {
    super("lectern:image:ImagePrepuller", name, {}, options);
    const manifests = prepullManifests(args);
    const daemonSets = manifests.map((manifest) => this.#daemonSet(name, manifest));
    this.daemonSets = pulumi.output(manifests.map(({ metadata }) => metadata.name));
    this.ready =
      args.readyTimeout === 0 ? pulumi.output(true) : this.#readiness(name, args, manifests, daemonSets);
    this.registerOutputs({ daemonSets: this.daemonSets, ready: this.ready });
  }

  #daemonSet(name: string, manifest: PrepullDaemonSet): DaemonSet {
    // The engine would wait for every pod, without naming the one that keeps it waiting.
    const annotations = { ...manifest.metadata.annotations, "pulumi.com/skipAwait": "true" };
    const written = { ...manifest, metadata: { ...manifest.metadata, annotations } };
    const inputs: DaemonSetArgs = JSON.parse(JSON.stringify(written));
    return new DaemonSet(`${name}-${manifest.metadata.name}`, inputs, { parent: this });
  }

  #readiness(
    name: string,
    { cluster, context, readyTimeout = 600 }: ImagePrepullerArgs,
    daemonSets: readonly PrepullDaemonSet[],
    dependsOn: pulumi.Resource[],
  ): pulumi.Output<boolean> {
    const inputs = { cluster, context, patience: readyTimeout, daemonSets };
    return new PrepullReadiness(name, inputs, { parent: this, dependsOn }).ready;
  }
}
