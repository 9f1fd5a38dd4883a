import type { ClusterFiles } from "../components/cluster/cluster-files.ts";
import { namedImages } from "../components/hub/profiles/named-images.ts";
import { readKernel } from "../components/kernel/declaration/kernel-file.ts";
import type { Catalog } from "./catalog.ts";
import type { StackConfig } from "./config.ts";
import { type KnownNames, registryHosts } from "./config-names.ts";

/** What the configuration of a stack can name: what its catalog holds, and the registries that are asked for it. */
export async function namesIn(
  catalog: Catalog,
  clusters: readonly ClusterFiles[],
  { imageRepository = "" }: Pick<StackConfig, "imageRepository">,
): Promise<KnownNames> {
  const kernels = await Promise.all(catalog.kernels.map(({ folder }) => readKernel(folder)));
  const references = clusters.flatMap(({ images, profiles }) => [
    ...Object.values(images).flatMap(({ repositories }) => repositories),
    ...(profiles ? namedImages(profiles).map(({ image }) => image) : []),
  ]);
  // A kernel that can't be read is reported for itself, and may be of any registry.
  const isWhole = kernels.every(({ kernel }) => kernel !== undefined);
  const named = kernels.flatMap(({ kernel }) => kernel?.image ?? []);
  return {
    clusters: clusters.map(({ name }) => name),
    images: clusters.flatMap(({ name, images }) => Object.keys(images).map((key) => `${name}/${key}`)),
    registries: isWhole ? registryHosts([...references, ...named, imageRepository]) : undefined,
  };
}
