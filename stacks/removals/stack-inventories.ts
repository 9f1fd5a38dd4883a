import * as pulumi from "@pulumi/pulumi";
import type { ClusterFiles } from "../../components/cluster/cluster-files.ts";
import { articlesIn, type Catalog, wholeOf } from "../catalog.ts";
import type { StackConfig } from "../config.ts";
import type { OutputEntries, StackOutputs } from "../outputs/outputs.ts";
import type { StackPolicy } from "../policy.ts";
import { type Inventory, refuseMassRemoval } from "./removals.ts";

interface Removals {
  readonly catalog: Catalog;
  readonly clusterFiles: readonly ClusterFiles[];
  readonly config: StackConfig;
  readonly own: StackOutputs;
  readonly environments: StackPolicy["environments"];
}

/** @throws {LecternError} where the catalog lacks much of what the stack has deployed, unconfirmed */
export async function refuseRemovals(removals: Removals): Promise<void> {
  const { catalog, clusterFiles, config, own } = removals;
  const ids = async (name: "articles" | "kernels" | "images" | "hubs", prefix = "") =>
    [...(await own.get(name)).keys()].map((id) => `${prefix}${id}`);
  const images = clusterFiles.flatMap((cluster) =>
    Object.keys(cluster.images).map((entry) => `images/${cluster.name}/${entry}`),
  );
  const kernels = Object.entries(config.kernels).filter(([, { remove }]) => remove);
  const before = {
    articles: await ids("articles"),
    kernels: await ids("kernels", "kernel/"),
    images: await ids("images", "images/"),
    hubs: await ids("hubs", "hub/"),
  };
  refuseMassRemoval(
    [
      ...outOfScope(catalog, before),
      { what: "articles", deployed: before.articles, wanted: articlesIn(catalog).map(({ id }) => id) },
      {
        what: "kernels",
        deployed: before.kernels,
        wanted: catalog.kernels.map(({ name }) => `kernel/${name}`),
      },
      { what: "selections of images", deployed: before.images, wanted: images },
      lostMenus(clusterFiles, await own.get("profiles")),
      lostHubs(removals, await own.get("hubs")),
      lostHubImages(catalog, await own.get("hubImages")),
    ],
    new Set([...config.confirmRemovals, ...kernels.map(([name]) => `kernel/${name}`)]),
  );
}

/** What a stack has deployed and leaves to another one: its resources have to move there, whatever their number. */
function outOfScope(
  catalog: Catalog,
  before: Readonly<Record<"articles" | "kernels" | "images" | "hubs", readonly string[]>>,
): Inventory[] {
  const isElsewhere = elsewhereFor(catalog);
  const left = { wanted: [], mayGo: 0, elsewhere: true } as const;
  const articles = new Set<string>(articlesIn(wholeOf(catalog)).map(({ id }) => id));
  const kernels = new Set(wholeOf(catalog).kernels.map(({ name }) => `kernel/${name}`));
  return [
    {
      ...left,
      what: "articles",
      deployed: articlesIn(catalog).length > 0 ? [] : before.articles.filter((id) => articles.has(id)),
    },
    {
      ...left,
      what: "kernels",
      deployed: catalog.kernels.length > 0 ? [] : before.kernels.filter((id) => kernels.has(id)),
    },
    {
      ...left,
      what: "selections of images",
      deployed: before.images.filter((id) => isElsewhere(id.split("/")[1])),
    },
    { ...left, what: "hubs", deployed: before.hubs.filter((id) => isElsewhere(id.split("/")[1])) },
  ];
}

/** Tells whether another stack deploys a cluster of the catalog. */
function elsewhereFor(catalog: Catalog): (cluster?: string) => boolean {
  const names = ({ clusters }: Catalog) => new Set(clusters.map(({ name }) => name));
  const [own, all] = [names(catalog), names(wholeOf(catalog))];
  return (cluster = "") => all.has(cluster) && !own.has(cluster);
}

/** Hubs that are no longer declared for the stack, but for those that it has stopped before. */
function lostHubs(
  { catalog, clusterFiles, environments }: Removals,
  before: OutputEntries<"hubs">,
): Inventory {
  const isElsewhere = elsewhereFor(catalog);
  const declared = clusterFiles.flatMap(({ declaration }) => declaration?.hubs ?? []);
  return {
    what: "hubs",
    deployed: [...before]
      .filter(([id, hub]) => !hub?.retired && !isElsewhere(id.split("/")[0]))
      .map(([id]) => `hub/${id}`),
    wanted: declared
      .filter(({ environment }) => environments.includes(environment))
      .map(({ id }) => `hub/${id}`),
    mayGo: 0,
    instead: "deploy each with `retire: true` first",
  };
}

/** Images of hubs whose folder is gone: none is deleted, but staging stops building them. */
function lostHubImages(catalog: Catalog, before: OutputEntries<"hubImages">): Inventory {
  const wanted = wholeOf(catalog).images.map(({ name }) => name);
  for (const [name, image] of before) {
    if (wanted.includes(name)) continue;
    const where = image ? `, as ${image.image}` : "";
    pulumi.log.warn(
      `the image ${name} of hubs is no longer in the catalog: it is not built any more, and stays in its registry${where}`,
    );
  }
  return {
    what: "images of hubs",
    deployed: [...before.keys()].map((name) => `image/${name}`),
    wanted: wanted.map((name) => `image/${name}`),
    stays: "their registry keeps them",
  };
}

/** Hubs whose images are still selected, and whose profiles.yaml is gone: their nodes would let the images go, too. */
function lostMenus(clusterFiles: readonly ClusterFiles[], before: OutputEntries<"profiles">): Inventory {
  const selecting = clusterFiles.filter(({ images }) => Object.keys(images).length > 0);
  const idsOf = (clusters: readonly ClusterFiles[]) => clusters.map(({ name }) => `profiles/${name}`);
  return {
    what: "menus of hubs, and the DaemonSets that hold their images",
    deployed: idsOf(selecting.filter(({ name }) => before.has(name) && before.get(name)?.length !== 0)),
    wanted: idsOf(selecting.filter(({ profiles }) => profiles)),
    mayGo: 0,
  };
}
