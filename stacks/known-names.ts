import type { ClusterFiles } from "../components/cluster/cluster-files.ts";
import { namedImages } from "../components/hub/profiles/images/named-images.ts";
import { readKernel } from "../components/kernel/declaration/kernel-file.ts";
import { articlesIn, type Catalog, wholeOf } from "./catalog.ts";
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
  const all = wholeOf(catalog).clusters.map(({ name }) => name);
  const own = clusters.map(({ name }) => name);
  const hubs = clusters.flatMap(({ declaration }) => declaration?.hubs.map(({ id }) => id) ?? []);
  const images = clusters.flatMap(({ name, images }) => Object.keys(images).map((key) => `${name}/${key}`));
  return {
    clusters: all,
    elsewhere: all.filter((name) => !own.includes(name)),
    images,
    hubs,
    kernels: wholeOf(catalog).kernels.map(({ name }) => name),
    gated: [
      ...articlesIn(wholeOf(catalog)).map(({ id }) => id),
      ...wholeOf(catalog).kernels.map(({ name }) => `kernel/${name}`),
      ...images.map((id) => `images/${id}`),
      ...wholeOf(catalog).images.map(({ name }) => `image/${name}`),
      ...hubs.map((id) => `hub/${id}`),
    ],
    // Another stack may ask those that this one does not.
    registries:
      isWhole && catalog.whole === undefined
        ? registryHosts([...references, ...named, imageRepository])
        : undefined,
  };
}
