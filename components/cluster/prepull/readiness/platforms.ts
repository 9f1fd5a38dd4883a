import pLimit from "p-limit";
import { parseReference } from "../../../image/reference.ts";
import type { RegistryClient } from "../../../image/registry/registry-client.ts";
import { LecternError } from "../../../problem/problem.ts";
import type { PrepullDaemonSet } from "../daemonset.ts";
import { placementMatcher } from "../node-matching.ts";
import { imagesHeld } from "../prepull-plan.ts";
import { WRONG_PLATFORM } from "./faults/pod-faults.ts";
import type { ObservedNode } from "./observed.ts";
import type { MissingImage } from "./prepull-report.ts";

/** Registry requests at once. */
const PARALLEL = 8;

/**
 * The images that are not for the platform of a node that is to hold them. A node may pull such an image all the same,
 * and a user's server would not start there.
 * @returns nothing of an image whose registry does not answer
 */
export async function mismatches(
  manifests: readonly PrepullDaemonSet[],
  nodes: readonly ObservedNode[],
  registry: Pick<RegistryClient, "platforms">,
): Promise<Required<MissingImage>[]> {
  const images = [...new Set(manifests.flatMap(imagesHeld))];
  const known = new Map(
    await pLimit(PARALLEL).map(images, async (image) => [image, await platformsOf(image, registry)] as const),
  );
  return manifests.flatMap((manifest) => {
    const placed = nodes.filter(placementMatcher(manifest.spec.template.spec));
    return placed.flatMap((node) => {
      const platform = platformOf(node);
      return imagesHeld(manifest).flatMap((image) => {
        const platforms = known.get(image);
        if (!platform || !platforms || platforms.includes(platform)) return [];
        const message = `the image is for ${platforms.join(", ")}, and the node is ${platform}`;
        return [{ node: node.metadata?.name ?? "", image, reason: WRONG_PLATFORM, message }];
      });
    });
  });
}

/** Whether any of the nodes says what it is. */
export const havePlatforms = (nodes: readonly ObservedNode[]): boolean =>
  nodes.some((node) => platformOf(node) !== undefined);

function platformOf({ metadata }: ObservedNode): string | undefined {
  const { "kubernetes.io/os": os = "linux", "kubernetes.io/arch": architecture } = metadata?.labels ?? {};
  return architecture === undefined ? undefined : `${os}/${architecture}`;
}

async function platformsOf(image: string, registry: Pick<RegistryClient, "platforms">) {
  const { repository, digest = "" } = parseReference(image);
  try {
    return await registry.platforms(repository, digest);
  } catch (error) {
    if (error instanceof LecternError) return undefined;
    throw error;
  }
}
