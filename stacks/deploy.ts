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
import { type Catalog, discoverCatalog, unknownFolders, wholeOf } from "./catalog.ts";
import { deployClusters } from "./clusters/clusters.ts";
import type { StackConfig } from "./config.ts";
import { checkConfigNames } from "./config-names.ts";
import { courseLinks } from "./hubs/course-links.ts";
import { HubImages } from "./hubs/images/hub-images.ts";
import { withHeldImages } from "./kernels/kernel-proof.ts";
import { deployKernels } from "./kernels/kernels.ts";
import { namesIn } from "./known-names.ts";
import { type OutputEntries, ownOutputs, writeOutputs } from "./outputs/outputs.ts";
import type { StackPolicy } from "./policy.ts";
import { Holds } from "./promotion/holds.ts";
import { refuseRemovals } from "./removals/stack-inventories.ts";
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
