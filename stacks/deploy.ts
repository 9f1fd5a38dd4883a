import * as pulumi from "@pulumi/pulumi";
import type { CalendarEvent } from "../components/calendar/calendar-event.ts";
import { type ClusterFiles, readClusters } from "../components/cluster/cluster-files.ts";
import { DEFAULT_CLUSTER } from "../components/cluster/config.ts";
import type { ClusterDeclaration } from "../components/cluster/declaration/cluster-declaration.ts";
import { unheldImages } from "../components/cluster/unheld-images.ts";
import { unnamedCharts, unnamedImages } from "../components/cluster/unnamed.ts";
import { formatProblem, LecternError, type Problem } from "../components/problem/problem.ts";
import { deployArticles } from "./articles/articles.ts";
import { kernelsHeld, kernelsNamed, readArticles } from "./articles/named-kernels.ts";
import { withFrozenArticles } from "./calendar/frozen-articles.ts";
import { readFreeze } from "./calendar/read-freeze.ts";
import { articlesIn, type Catalog, discoverCatalog, unknownFolders, wholeOf } from "./catalog.ts";
import { deployClusters } from "./clusters/clusters.ts";
import type { StackConfig } from "./config.ts";
import { checkConfigNames } from "./config-names.ts";
import { courseLinks } from "./hubs/course-links.ts";
import { HubImages } from "./hubs/hub-images.ts";
import { withHeldImages } from "./kernels/kernel-proof.ts";
import { deployKernels } from "./kernels/kernels.ts";
import { namesIn } from "./known-names.ts";
import { type OutputEntries, ownOutputs, type StackOutputs, writeOutputs } from "./outputs.ts";
import type { StackPolicy } from "./policy.ts";
import { Holds } from "./promotion/holds.ts";
import { type Inventory, refuseMassRemoval } from "./removals.ts";
import { refuseTwice } from "./shards/refuse-twice.ts";
import { configInScope, inScope } from "./shards/scope.ts";

/**
 * Registers a catalog: kernels, then articles, then clusters.
 * @param now milliseconds since the epoch: the moment that everything of the run is decided by
 * @returns the stack's outputs
 */
export async function deploy(
  configured: StackConfig,
  given: StackPolicy,
  now: number,
): Promise<Record<string, unknown>> {
  const config = configInScope(configured);
  const catalog = inScope(await discoverCatalog(config.catalog), config.scope);
  refuseTwice(pulumi.getStack(), wholeOf(catalog));
  const clusterFiles = await readClusters(catalog.clusters.map(({ folder }) => folder));
  const wrong = movedContexts(
    clusterFiles.flatMap(({ declaration }) => declaration ?? []),
    config,
  );
  if (wrong.length > 0) throw new LecternError(wrong);
  const warnings = [
    ...unknownFolders(catalog),
    ...clusterFiles.flatMap(unheldImages),
    ...unnamedIn(catalog, clusterFiles),
  ];
  for (const problem of warnings) pulumi.log.warn(formatProblem(problem));
  const own = ownOutputs();
  await refuseRemovals({ catalog, clusterFiles, config, own, environments: given.environments });
  checkConfigNames(config, await namesIn(catalog, clusterFiles, config));
  const identities = await identified(clusterFiles, config, await own.get("clusters"));
  const holds = new Holds();
  const before = { articles: await own.get("articles"), kernels: await own.get("kernels") };
  const read = await readArticles(wholeOf(catalog));
  const events = await eventsOf(catalog);
  const freeze = await readFreeze(events, now, {
    ...{ stack: pulumi.getStack(), catalog, config, policy: given, articles: read, before },
    declared: clusterFiles.flatMap(({ declaration }) => declaration ?? []),
  });
  const policy = withFrozenArticles(given, freeze, before.articles);
  const common = { catalog, config, policy, holds, freeze };
  const kernels = await deployKernels({
    ...common,
    named: kernelsNamed(read),
    held: kernelsHeld(read, policy, before),
    before: before.kernels,
  });
  const articles = await deployArticles({
    ...common,
    kernels: kernels.declared,
    installed: kernels.installed,
    before: { articles: before.articles, forgotten: await own.get("forgotten") },
  });
  const hubImages = await HubImages.read({ ...common, before: await own.get("hubImages") });
  const { provable, ...clusters } = await deployClusters({
    ...common,
    hubImages,
    clusters: clusterFiles,
    before: {
      images: await own.get("images"),
      aliases: await own.get("aliases"),
      hubs: await own.get("hubs"),
      support: await own.get("support"),
      hubDeployments: await own.get("hubDeployments"),
      profiles: await own.get("profiles"),
      warmUps: await own.get("warmUps"),
      hubChanges: await own.get("hubChanges"),
    },
    events,
    now,
  });
  return writeOutputs({
    ...articles,
    kernels: kernels.outputs,
    ...clusters,
    courseLinks: courseLinks(
      catalog,
      clusterFiles.flatMap(({ declaration }) => declaration ?? []),
      policy.environments,
      config,
    ),
    clusters: identities,
    hubImages: hubImages.outputs,
    overrides: { ...policy.overrides(), ...freeze.outputs },
    holds: withHeldImages(holds.outputs, [...kernels.provable, ...provable]),
  });
}

/** The events of the calendar. What reads them is loaded only where there is one. */
async function eventsOf(catalog: Catalog): Promise<readonly CalendarEvent[]> {
  const { calendar } = wholeOf(catalog);
  if (calendar === undefined) return [];
  const { readCalendar } = await import("../components/calendar/read-calendar.ts");
  return readCalendar(calendar, { warn: (problem) => void pulumi.log.warn(formatProblem(problem)) });
}

/** A cluster with cluster.yaml says there how it is reached: two places could disagree. */
function movedContexts(declared: readonly ClusterDeclaration[], { clusters }: StackConfig): Problem[] {
  return declared.flatMap(({ name, file }) => {
    const context = clusters[name]?.context;
    if (context === undefined) return [];
    return {
      code: "moved-setting",
      severity: "error",
      path: `lectern:clusters.${name}.context`,
      message: `the context of a cluster with cluster.yaml belongs in that file`,
      remedy: `Remove it here, and write \`provider: {context: ${context}}\` in ${file}`,
    };
  });
}

/** Who the clusters with cluster.yaml are. @throws {LecternError} where one is another than before */
async function identified(
  clusterFiles: readonly ClusterFiles[],
  { clusters, kubeconfigs }: StackConfig,
  before: OutputEntries<"clusters">,
) {
  const declared = clusterFiles.flatMap(({ declaration }) => declaration ?? []);
  if (declared.length === 0) return {};
  // The client of Kubernetes is loaded only where there is a cluster to ask.
  const { identitiesOf } = await import("./clusters/identity.ts");
  const contact = (name: string) => (clusters[name] ?? DEFAULT_CLUSTER).contact;
  return identitiesOf(declared, { kubeconfigs, contact }, before);
}

/** Charts and images that no cluster names, where the stack has read every cluster. */
function unnamedIn(catalog: Catalog, clusterFiles: readonly ClusterFiles[]): Problem[] {
  const { charts, images, clusters } = wholeOf(catalog);
  if (clusterFiles.length < clusters.length) return [];
  const foldersOf = (entries: typeof charts) => entries.map(({ folder }) => folder);
  return [
    ...unnamedCharts(foldersOf(charts), clusterFiles),
    ...unnamedImages(foldersOf(images), clusterFiles),
  ];
}

interface Removals {
  readonly catalog: Catalog;
  readonly clusterFiles: readonly ClusterFiles[];
  readonly config: StackConfig;
  readonly own: StackOutputs;
  readonly environments: StackPolicy["environments"];
}

/** @throws {LecternError} where the catalog lacks much of what the stack has deployed, unconfirmed */
async function refuseRemovals(removals: Removals): Promise<void> {
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
