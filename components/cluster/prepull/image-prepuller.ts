import { DaemonSet } from "@pulumi/kubernetes/apps/v1/daemonSet.js";
import * as pulumi from "@pulumi/pulumi";
import { defineResource } from "../../resource/define-resource.ts";
import { type HeldImage, type PrepullDaemonSet, type PrepullOptions, prepullManifests } from "./daemonset.ts";
import { prepullReadinessContract } from "./readiness/prepull-readiness-contract.ts";

const PrepullReadiness = defineResource(prepullReadinessContract, ["ready"]);

/** What a cluster's nodes are to hold ready. */
export interface ImagePrepullerArgs extends PrepullOptions {
  /**
   * Images that the catalog builds, which a preview may not know yet; undefined for one that can't be built.
   * @default none
   */
  readonly built?: readonly BuiltImage[];
  /** What is done before, such as its namespace. @default nothing */
  readonly after?: readonly pulumi.Resource[];
  /** The cluster's name in the catalog: whose kubeconfig is used to ask how far its nodes are. */
  readonly cluster: string;
  /** The context of that kubeconfig. @default its current one */
  readonly context?: string | undefined;
  /** The kubeconfig's file, relative to the project. @default that of whoever deploys */
  readonly kubeconfig?: string | undefined;
  /** Seconds to wait for the nodes; 0 asks nothing and waits for nothing. @default 600 */
  readonly readyTimeout?: number;
  /** How many nodes of each DaemonSet may lack images, a number or a share such as `5%`. @default none */
  readonly toleratedFailures?: number | string | undefined;
}

/** An image whose digest may not be known before the deployment, and the groups whose nodes hold it. */
export interface BuiltImage extends Omit<HeldImage, "image"> {
  /** `repository@sha256:…`. */
  readonly image: pulumi.Output<string | undefined>;
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
  /** What is done once they hold them: the wait, or the DaemonSets where nothing waits. */
  readonly done: readonly pulumi.Resource[];
  readonly #args: ImagePrepullerArgs;
  /** What is known of them to the program: the carrier stands in for each built image. */
  readonly #shape: readonly PrepullDaemonSet[];
  readonly #registered: readonly DaemonSet[];

  /** @throws {LecternError} as {@link prepullManifests} does */
  constructor(name: string, args: ImagePrepullerArgs, options?: pulumi.ComponentResourceOptions) {
    super("lectern:image:ImagePrepuller", name, {}, options);
    this.#args = args;
    const { built = [] } = args;
    this.#shape = this.#with([]);
    const manifests = pulumi.all(built.map(({ image }) => image)).apply((images) => this.#with(images));
    this.#registered = this.#shape.map((manifest, index) =>
      this.#daemonSet(
        name,
        manifest,
        manifests.apply((all) => all[index]?.spec.template.spec.containers ?? []),
      ),
    );
    this.daemonSets = pulumi.output(this.#shape.map(({ metadata }) => metadata.name));
    const whole = this.#readiness(name, this.#shape.length === 0 ? undefined : manifests);
    this.done = whole ? [whole] : this.#registered;
    this.ready = whole ? whole.ready : pulumi.output(true);
    this.registerOutputs({ daemonSets: this.daemonSets, ready: this.ready });
  }

  /**
   * Registers a wait of its own for one image: it is done once every node that needs the image holds it,
   * whatever happens to other images.
   * @param name unique among the waits of the stack, such as `campus/science`
   * @returns nothing where no node needs the image, or where nothing waits
   */
  holding(name: string, image: string): pulumi.Resource[] {
    const holding = onlyWith(image, this.#shape);
    const readiness = this.#readiness(name, holding.length === 0 ? undefined : pulumi.output(holding));
    return readiness ? [readiness] : [];
  }

  /** The manifests with built images; the carrier stands in for one that is not known, or could not be built. */
  #with(references: readonly (string | undefined)[]): readonly PrepullDaemonSet[] {
    const { images, built = [], pauseImage } = this.#args;
    const more = built.map((one, index) => ({ ...one, image: references[index] ?? pauseImage }));
    return prepullManifests({ ...this.#args, images: [...images, ...more] });
  }

  /** @param containers the only part of it that may not be known before the deployment */
  #daemonSet(
    name: string,
    manifest: PrepullDaemonSet,
    containers: pulumi.Input<PrepullDaemonSet["spec"]["template"]["spec"]["containers"]>,
  ): DaemonSet {
    // The engine would wait for every pod, without naming the one that keeps it waiting.
    const annotations = { ...manifest.metadata.annotations, "pulumi.com/skipAwait": "true" };
    const written = { ...manifest, metadata: { ...manifest.metadata, annotations } };
    const { spec, ...inputs } = JSON.parse(JSON.stringify(written));
    const pod = { ...spec.template.spec, containers };
    return new DaemonSet(
      `${name}-${manifest.metadata.name}`,
      { ...inputs, spec: { ...spec, template: { ...spec.template, spec: pod } } },
      { parent: this, dependsOn: [...(this.#args.after ?? [])] },
    );
  }

  #readiness(name: string, daemonSets: pulumi.Output<readonly PrepullDaemonSet[]> | undefined) {
    const {
      cluster,
      context,
      kubeconfig,
      readyTimeout = 600,
      pullSpread = 0,
      toleratedFailures = 0,
    } = this.#args;
    if (readyTimeout === 0 || daemonSets === undefined) return undefined;
    const inputs = {
      cluster,
      context,
      patience: readyTimeout + pullSpread,
      daemonSets,
      // Not where they say nothing: states of an earlier version don't have them.
      ...(kubeconfig === undefined ? {} : { kubeconfig }),
      ...(toleratedFailures === 0 ? {} : { tolerated: toleratedFailures }),
    };
    return new PrepullReadiness(name, inputs, { parent: this, dependsOn: [...this.#registered] });
  }
}

/** The DaemonSets that hold an image, as if they held nothing else: what else they hold changes nothing then. */
function onlyWith(image: string, manifests: readonly PrepullDaemonSet[]): PrepullDaemonSet[] {
  return manifests.flatMap((manifest) => {
    const { template } = manifest.spec;
    const containers = template.spec.containers.filter((container) => container.image === image);
    if (containers.length === 0) return [];
    const spec = { ...manifest.spec, template: { ...template, spec: { ...template.spec, containers } } };
    return [{ ...manifest, spec }];
  });
}
