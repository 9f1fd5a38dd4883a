import { seedImage, seedIndex } from "./image.ts";
import { seedPackages } from "./packages.ts";
import type { RegistryStore } from "./store.ts";

/** Repository → tags, oldest first; those with the same digest stand in one list. */
const KERNELS: Readonly<Record<string, readonly string[]>> = {
  "lectern/python-science": ["2025.2", "2026.1"],
  "lectern/python-quantum": ["2026.1"],
};

const LAB_TAGS: readonly string[] = [
  "r1_0_0_rc1",
  "r1_0_0",
  "w_2026_07",
  "w_2026_08",
  "w_2026_09",
  "w_2026_10",
  "d_2026_03_01",
  "d_2026_03_02",
  "d_2026_03_03",
  "exp_polars",
];
const LABS: Readonly<Record<string, readonly string[]>> = {
  "lectern/science-lab": LAB_TAGS,
  "lectern/gpu-lab": LAB_TAGS,
  // With newer ones, for whoever needs a repository of their own to try things in.
  "lectern/lab": [...LAB_TAGS, "w_2026_40", "w_2026_44", "d_2026_11_02"],
};
/** The image that `recommended` names before anybody promotes another. */
const RECOMMENDED = "w_2026_09";

/**
 * Puts the images that the example catalog names into a stand-in registry: the kernels' repositories,
 * and for the hubs some with tags of every kind, single images and indexes. The same bytes each time;
 * what is there already stays, so an alias that was moved is not moved back.
 */
export async function seedExample({ store }: { readonly store: RegistryStore }): Promise<void> {
  for (const [repository, tags] of Object.entries(KERNELS)) await seedTags(store, repository, tags);
  for (const [repository, tags] of Object.entries(LABS)) {
    await seedTags(store, repository, tags);
    const recommended = store.find(repository, RECOMMENDED);
    if (recommended && !store.find(repository, "recommended")) {
      store.tag(repository, { recommended: recommended.digest });
    }
  }
}

async function seedTags(store: RegistryStore, repository: string, tags: readonly string[]): Promise<void> {
  for (const tag of tags) {
    if (store.find(repository, tag)) continue;
    // Weeklies are built for two architectures, so both forms are there to be promoted.
    const seed = tag.startsWith("w_") ? seedIndex : seedImage;
    const image = await seed(store, repository, { content: `${repository}:${tag}` });
    await seedPackages(store, repository, tag, image);
    store.tag(repository, { [tag]: image.digest });
  }
}
