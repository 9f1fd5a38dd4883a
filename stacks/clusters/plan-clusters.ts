import type { ClusterFiles } from "../../components/cluster/cluster-files.ts";
import { DEFAULT_CLUSTER } from "../../components/cluster/config.ts";
import { checkNamedImages } from "../../components/hub/profiles/images/named-images.ts";
import { type RenderedProfile, renderProfileList } from "../../components/hub/profiles/profile-list.ts";
import type { ImageEntry } from "../../components/image/selection/images-file.ts";
import { allOf } from "../../components/problem/all.ts";
import type { StackConfig } from "../config.ts";
import type { DeclaredCluster, DeclaredClusters } from "../hubs/declared-cluster.ts";
import type { PlannedHubs } from "../hubs/hubs.ts";
import type { ClustersArgs } from "./clusters-args.ts";
import { frozenProfiles } from "./frozen-menu.ts";
import { type Selected, selectAll } from "./selected-images.ts";

/** What is decided of a cluster before anything of any cluster is deployed. */
export interface PlannedCluster {
  readonly cluster: ClusterFiles;
  readonly selected: Selected;
  readonly rendered: readonly RenderedProfile[];
  readonly place: DeclaredCluster | undefined;
  readonly planned: PlannedHubs | undefined;
}

/** Decides of one cluster after the other. @throws {LecternError} with what is wrong with any of them */
export async function planClusters(
  args: ClustersArgs,
  declared: DeclaredClusters | undefined,
): Promise<PlannedCluster[]> {
  const plans: Promise<PlannedCluster>[] = [];
  for (const cluster of args.clusters) {
    const plan = planCluster(cluster, args, declared);
    plans.push(plan);
    await plan.catch(() => {});
  }
  return allOf(plans);
}

async function planCluster(
  cluster: ClusterFiles,
  args: ClustersArgs,
  declared: DeclaredClusters | undefined,
): Promise<PlannedCluster> {
  const selected = await selectAll(cluster, args);
  const rendered = frozenProfiles(cluster.name, renderProfiles(cluster, selected, args.config), args);
  if (cluster.profiles) await checkNamedImages(cluster.profiles, args.policy.registry);
  const place = cluster.declaration && declared?.register(cluster, cluster.declaration);
  return { cluster, selected, rendered, place, planned: await place?.planHubs(rendered) };
}

function renderProfiles(
  cluster: ClusterFiles,
  selected: Selected,
  config: StackConfig,
): readonly RenderedProfile[] {
  if (!cluster.profiles) return [];
  const menus = Object.fromEntries(
    Object.entries(selected).map(([key, one]) => [
      key,
      "hold" in one ? { held: one.hold } : { ...one, ...shownBy(cluster.images[key]) },
    ]),
  );
  const { userTolerations } = config.clusters[cluster.name] ?? DEFAULT_CLUSTER;
  return renderProfileList(cluster.profiles, { nodeGroups: cluster.nodeGroups, menus, userTolerations });
}

/** What the keys and the names of an entry's choices depend on. */
const shownBy = (entry: ImageEntry | undefined) => ({
  alias: entry?.alias,
  displayName: entry?.displayName,
  immutable: entry?.policy.immutable,
});
