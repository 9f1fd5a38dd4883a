import { DaemonSet, type DaemonSetArgs } from "@pulumi/kubernetes/apps/v1/daemonSet.js";
import * as pulumi from "@pulumi/pulumi";
import { CustomResource } from "../../resource/shim.ts";
import { type PrepullOptions, prepullManifests } from "./prepull.ts";
import type { PrepullDaemonSet } from "./prepull-manifest.ts";

/** What a cluster's nodes are to hold ready. */
export interface ImagePrepullerArgs extends PrepullOptions {
  /** The cluster's name in the catalog: whose kubeconfig is used to ask how far its nodes are. */
  readonly cluster: string;
  /** The context of that kubeconfig. @default its current one */
  readonly context?: string | undefined;
  /** Seconds to wait for the nodes; 0 asks nothing and waits for nothing. @default 600 */
  readonly patience?: number;
}

/**
 * The images that users of a cluster's hubs may start, on every node where they may start: a DaemonSet
 * for each node group, and a resource that waits until the nodes hold the images and names those that
 * don't, with the node and the reason. Not for images that nobody starts: those only fill disks.
 */
export class ImagePrepuller extends pulumi.ComponentResource {
  /** Names of the DaemonSets. */
  readonly daemonSets: pulumi.Output<string[]>;
  /** Whether every node held every image when this was deployed last; true where nobody waits. */
  readonly ready: pulumi.Output<boolean>;

  /** @throws {LecternError} as {@link prepullManifests} does */
  constructor(name: string, args: ImagePrepullerArgs, options?: pulumi.ComponentResourceOptions) {
    super("lectern:image:ImagePrepuller", name, {}, options);
    const manifests = prepullManifests(args);
    const daemonSets = manifests.map((manifest) => this.#daemonSet(name, manifest));
    this.daemonSets = pulumi.output(manifests.map(({ metadata }) => metadata.name));
    this.ready =
      args.patience === 0 ? pulumi.output(true) : this.#readiness(name, args, manifests, daemonSets);
    this.registerOutputs({ daemonSets: this.daemonSets, ready: this.ready });
  }

  #daemonSet(name: string, manifest: PrepullDaemonSet): DaemonSet {
    // The engine would wait for every pod, without a word about the one that keeps it waiting.
    const annotations = { ...manifest.metadata.annotations, "pulumi.com/skipAwait": "true" };
    const written = { ...manifest, metadata: { ...manifest.metadata, annotations } };
    const inputs: DaemonSetArgs = JSON.parse(JSON.stringify(written));
    return new DaemonSet(`${name}-${manifest.metadata.name}`, inputs, { parent: this });
  }

  #readiness(
    name: string,
    { cluster, context, patience = 600 }: ImagePrepullerArgs,
    daemonSets: readonly PrepullDaemonSet[],
    dependsOn: pulumi.Resource[],
  ): pulumi.Output<boolean> {
    return new PrepullReadiness(name, { cluster, context, patience, daemonSets }, { parent: this, dependsOn })
      .ready;
  }
}

/** What the engine keeps of it; see prepull-readiness-provider.ts for what each operation does. */
class PrepullReadiness extends CustomResource {
  declare readonly ready: pulumi.Output<boolean>;

  constructor(name: string, inputs: Record<string, unknown>, options: pulumi.CustomResourceOptions) {
    const outputs = {
      ready: undefined,
      held: undefined,
      wanted: undefined,
      failures: undefined,
      applied: undefined,
    };
    super("PrepullReadiness", name, { ...inputs, ...outputs }, options);
  }
}
