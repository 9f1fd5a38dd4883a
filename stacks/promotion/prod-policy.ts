import * as pulumi from "@pulumi/pulumi";
import { parseRepository } from "../../components/image/reference.ts";
import type { ImageEntry } from "../../components/image/selection/images-file.ts";
import { contentTag } from "../../components/kernel/build/kernel-image.ts";
import { LecternError } from "../../components/problem/problem.ts";
import type { StackConfig } from "../config.ts";
import { outputsOf, ownOutputs, type SelectedImages, siblingStack } from "../outputs/outputs.ts";
import { catalogPolicy, type StackPolicy } from "../policy.ts";
import { stagingOf } from "../shards/stack-name.ts";
import { articleGate, hubImageGate, imagesGate, kernelImageGate, serviceKernelGate } from "./gate.ts";
import { hubGate } from "./hub-gate.ts";
import { Overrides } from "./override.ts";

/**
 * What prod takes: what staging's outputs prove, and nothing else (gate.ts decides). What is there is
 * protected.
 * @param now milliseconds since the epoch
 */
export async function prodPolicy(config: StackConfig, now: number): Promise<StackPolicy> {
  if (config.assumeStaging) return assumedPolicy(config, now);
  const staging = outputsOf(stagingStack(config));
  const own = ownOutputs();
  const proven = {
    articles: await staging.get("articles"),
    kernels: await staging.get("kernels"),
    images: await staging.get("images"),
    hubImages: await staging.get("hubImages"),
    hubs: await staging.get("hubs"),
    support: await staging.get("support"),
  };
  const deployed = {
    articles: await own.get("articles"),
    kernels: await own.get("kernels"),
    images: await own.get("images"),
    hubImages: await own.get("hubImages"),
    hubs: await own.get("hubs"),
  };
  const overrides = new Overrides(config.override, now);
  const catalog = catalogPolicy(config, now);
  return {
    article: (id, contents) =>
      overrides.decide(id, articleGate(contents, proven.articles.get(id), deployed.articles.has(id)), () => ({
        use: contents,
      })),
    kernelImage: async (kernel) =>
      overrides.decide(
        `kernel/${kernel.name}`,
        kernelImageGate(kernel, proven.kernels.get(kernel.name), deployed.kernels.has(kernel.name)),
        () => catalog.kernelImage(kernel),
      ),
    // Staging has built it.
    buildProblems: async () => [],
    serviceKernel: (kernel) =>
      overrides.decide(
        `kernel/${kernel.name}`,
        serviceKernelGate(kernel, proven.kernels.get(kernel.name), deployed.kernels.has(kernel.name)),
        () => ({ use: kernel }),
      ),
    hubImage: async (image) =>
      overrides.decide(
        `image/${image.name}`,
        hubImageGate(
          await contentTag(image),
          proven.hubImages.get(image.name),
          deployed.hubImages.has(image.name),
        ),
        () => catalog.hubImage(image),
      ),
    buildsHubImages: false,
    provesNotebooks: false,
    images: async (id, entry) => {
      const selected = proven.images.get(id);
      if (selected && isOther(selected, entry)) warnOfOther(id);
      return overrides.decide(`images/${id}`, imagesGate(selected, deployed.images.has(id)), () =>
        catalog.images(id, entry),
      );
    },
    registry: catalog.registry,
    environments: ["prod"],
    ownsSupport: false,
    hub: async (wanted) =>
      overrides.decide(
        `hub/${wanted.hub.id}`,
        hubGate(wanted, proven, deployed.hubs.has(wanted.hub.id)),
        () => ({ use: wanted.parts }),
      ),
    overrides: () => overrides.outputs,
    protect: true,
  };
}

/** The full name of the stack that proves what this one gets. */
function stagingStack({ stagingStack: named = stagingOf(pulumi.getStack()) }: StackConfig): string {
  return named.includes("/") ? named : siblingStack(named);
}

/** Whether staging took another repository, or recommends another tag, than the catalog says now. */
function isOther(
  { repository, recommended }: SelectedImages,
  { repository: text, policy }: ImageEntry,
): boolean {
  const wanted = policy.recommended ?? recommended?.tag;
  return repository !== parseRepository(text) || recommended?.tag !== wanted;
}

function warnOfOther(id: string): void {
  pulumi.log.warn(
    `images ${id} are held unchanged: staging selected with a different images.yaml; deploy staging from this commit first`,
  );
}

/** The plan as if staging had taken everything from this very commit; what it builds is not known. */
async function assumedPolicy(config: StackConfig, now: number): Promise<StackPolicy> {
  if (!pulumi.runtime.isDryRun()) {
    throw new LecternError({
      code: "assumed-staging",
      severity: "error",
      path: "lectern:assumeStaging",
      message: "a deployment can't assume that staging has passed",
      remedy: "Remove lectern:assumeStaging; it is for previews",
    });
  }
  pulumi.log.warn(
    "lectern:assumeStaging is set: this plan assumes that staging has processed everything in it",
  );
  const catalog = catalogPolicy(config, now);
  const deployed = await ownOutputs().get("kernels");
  const hubImages = await ownOutputs().get("hubImages");
  const hold = "staging builds its image, so its digest is not known yet";
  return {
    ...catalog,
    environments: ["prod"],
    ownsSupport: false,
    kernelImage: async (kernel) => {
      if (!kernel.build) return catalog.kernelImage(kernel);
      return { hold, deployed: deployed.has(kernel.name) };
    },
    hubImage: async ({ name }) => ({ hold, deployed: hubImages.has(name) }),
    buildsHubImages: false,
    provesNotebooks: false,
    protect: true,
  };
}
