import * as pulumi from "@pulumi/pulumi";
import type { ArticleContents } from "../components/article/contents.ts";
import type { Environment } from "../components/cluster/declaration/cluster-declaration.ts";
import type { HubImage } from "../components/hub/images/hub-image.ts";
import { RegistryClient } from "../components/image/registry/registry-client.ts";
import { registriesOf } from "../components/image/registry/registry-config.ts";
import type { ImageEntry } from "../components/image/selection/images-file.ts";
import { baseImageProblems } from "../components/kernel/build/base-image.ts";
import type { KernelBuild } from "../components/kernel/declaration/kernel-build.ts";
import type { KernelDeclaration, KernelImageSource } from "../components/kernel/declaration/kernel-file.ts";
import type { Problem } from "../components/problem/problem.ts";
import { systemClock } from "../components/resource/context/clock.ts";
import type { ArticleId } from "./catalog.ts";
import { selectImages } from "./clusters/selections.ts";
import type { StackConfig } from "./config.ts";
import { builtHubImage } from "./hubs/images/built-image.ts";
import { catalogImage } from "./kernels/kernel-images.ts";
import { type OverrideOutput, ownOutputs, type SelectedImages } from "./outputs/outputs.ts";
import type { Gate } from "./promotion/gate.ts";
import { HELD_BY_FILE, type WantedHub } from "./promotion/hub-gate.ts";
import type { Parts } from "./promotion/hub-parts.ts";
import { environmentOf } from "./shards/stack-name.ts";

/** What differs from stack to stack: what of the catalog each may deploy, and where images come from. */
export interface StackPolicy {
  readonly article: (id: ArticleId, contents: ArticleContents) => Gate<ArticleContents>;
  /** The image of a kernel on a gateway: `repository@sha256:…`. */
  readonly kernelImage: (kernel: KernelImageSource) => Promise<Gate<pulumi.Input<string>>>;
  /** What is wrong with a Dockerfile together with the image that it is built on, where this stack builds it. */
  readonly buildProblems: (build: KernelBuild) => Promise<readonly Problem[]>;
  /** A kernel that qBook's service builds. */
  readonly serviceKernel: (kernel: KernelDeclaration) => Gate<KernelDeclaration>;
  /** The images of an entry of a cluster's images.yaml, by `<cluster>/<entry>`. */
  readonly images: (id: string, entry: ImageEntry) => Promise<Gate<SelectedImages>>;
  /** An image of the catalog that hubs use: `repository:tag@sha256:…`. */
  readonly hubImage: (image: HubImage) => Promise<Gate<pulumi.Input<string>>>;
  /** Whether the stack builds these, instead of taking them from another. */
  readonly buildsHubImages: boolean;
  /** Whether the stack proves notebooks on the images of kernels, instead of taking what another has proven. */
  readonly provesNotebooks: boolean;
  /** The client for the registries of the stack: one per run. */
  readonly registry: () => RegistryClient;
  /** The environments whose hubs the stack deploys. */
  readonly environments: readonly Environment[];
  /** Whether the stack deploys what clusters run beside their hubs: one stack owns it. */
  readonly ownsSupport: boolean;
  readonly hub: (wanted: WantedHub) => Promise<Gate<Parts>>;
  /** What was let through a gate so far, by ID. */
  readonly overrides: () => Readonly<Record<string, OverrideOutput>>;
  /** Whether articles and kernels are protected against removal. */
  readonly protect: boolean;
}

/** The client for a stack's registries, made when it is first asked for. */
function stackRegistry(config: StackConfig): () => RegistryClient {
  let client: RegistryClient | undefined;
  return () => {
    client ??= new RegistryClient({ fetch, clock: systemClock }, registriesOf(config));
    return client;
  };
}

/**
 * Everything in the catalog is used as it is there: images are asked of registries, or built.
 * @param now milliseconds since the epoch
 */
export function catalogPolicy(config: StackConfig, now: number): StackPolicy {
  const registry = stackRegistry(config);
  return {
    article: (_, contents) => ({ use: contents }),
    kernelImage: async (kernel) => ({ use: await catalogImage(kernel, config, registry) }),
    buildProblems: (build) => baseImageProblems(build, registry),
    serviceKernel: (kernel) => ({ use: kernel }),
    hubImage: async (image) => ({ use: await builtHubImage(image, config) }),
    buildsHubImages: true,
    provesNotebooks: true,
    images: async (id, entry) => ({ use: await selectImages(id, entry, registry(), now) }),
    registry,
    environments: environmentOf(pulumi.getStack()) === "sandbox" ? ["staging", "prod"] : ["staging"],
    ownsSupport: true,
    hub: async ({ hub, parts }) =>
      hub.hold
        ? { hold: HELD_BY_FILE, deployed: (await ownOutputs().get("hubs")).has(hub.id) }
        : { use: parts },
    overrides: () => ({}),
    protect: false,
  };
}
