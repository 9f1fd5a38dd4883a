import type { ClusterFiles } from "../../../../components/cluster/cluster-files.ts";
import type { ImageMenu, ImageMenus } from "../../../../components/hub/profiles/images/profile-images.ts";
import { renderProfileList } from "../../../../components/hub/profiles/profile-list.ts";
import type { ChartValues } from "../../../../components/hub/values/chart/chart-values.ts";
import { jupyterhubPath, profilesLayer } from "../../../../components/hub/values/generated.ts";
import { lookUp } from "../../../../components/hub/values/layers.ts";
import { parseRepository } from "../../../../components/image/reference.ts";
import type { ImageEntry } from "../../../../components/image/selection/images-file.ts";
import type { ImagePolicy } from "../../../../components/image/selection/policy.ts";
import { parseAlias, parseTag, resolveAlias } from "../../../../components/image/tags/tag-grammar.ts";
import type { ReadValues } from "../../clusters/hub-values.ts";
import { type Encoding, inHelmOrder, type OrderedMap } from "./helm-order.ts";
import { initialized, isMap } from "./initialized.ts";

/**
 * The list that KubeSpawner gives the template of the form, made by the functions that a deployment uses, in the order
 * in which Helm hands it on.
 * @param menus what is known of the entries of images.yaml; the others stand as their names, marked
 * @throws {LecternError} with every problem of the profiles
 */
export function studentsList(
  { profiles, images, nodeGroups }: Pick<ClusterFiles, "profiles" | "images" | "nodeGroups">,
  { chart, set }: Pick<ReadValues, "chart" | "set">,
  menus: ImageMenus,
): OrderedMap[] {
  if (profiles === undefined) return [];
  const known = Object.fromEntries(
    Object.entries(images).map(([key, entry]) => [key, menus[key] ?? unseenMenu(entry)]),
  );
  const sources = { nodeGroups, menus: known, menuKeys: Object.keys(images) };
  const rendered = renderProfileList(profiles, sources).map(({ profile }) => profile);
  const layer = profilesLayer(rendered, chart, set);
  const given = lookUp(layer.values, [...jupyterhubPath(chart), "singleuser", "profileList"]);
  const ordered = inHelmOrder(given, encodingOf(chart));
  return initialized(Array.isArray(ordered) ? ordered.filter(isMap) : []);
}

/** Zero to JupyterHub's chart writes YAML; a chart without it, such as the example's, JSON. */
const encodingOf = (chart: ChartValues | undefined): Encoding =>
  chart === undefined || chart.name === "jupyterhub" || jupyterhubPath(chart).length > 0 ? "yaml" : "json";

/** Marks what only the registry knows. */
const UNSEEN = "from the registry";
const NO_DIGEST = `sha256:${"0".repeat(64)}` as const;

/** What is known of an entry of images.yaml without its registry: the tags that its policy names, and how many follow. */
function unseenMenu({ repository, alias, displayName, policy }: ImageEntry): ImageMenu {
  const { recommended, pin } = policy;
  const head = recommended === undefined ? [] : [namedEntry(recommended, alias)];
  const rows = [
    ...head,
    ...pin.map((tag) => ({ name: parseTag(tag).name, tag, digest: NO_DIGEST })),
    ...counted(policy).map((name, index) => ({
      name,
      tag: `${UNSEEN.replaceAll(" ", "-")}-${index + 1}`,
      digest: NO_DIGEST,
    })),
  ];
  // One image alone would be no choice at all.
  const filled =
    rows.length > 1
      ? rows
      : [...rows, { name: `other images (${UNSEEN})`, tag: "others", digest: NO_DIGEST }];
  return { repository: parseRepository(repository), displayName, menu: filled };
}

function namedEntry(tag: string, alias: string | undefined) {
  const target = parseTag(tag);
  const name = resolveAlias(parseAlias(alias ?? "recommended"), target).name;
  return { name, tag: alias ?? tag, digest: NO_DIGEST };
}

const KINDS = [
  ["releases", "release", "releases"],
  ["weeklies", "weekly", "weeklies"],
  ["dailies", "daily", "dailies"],
] as const;

function counted(policy: ImagePolicy): string[] {
  return KINDS.flatMap(([rule, one, several]) => {
    const { count } = policy[rule];
    return count === 0 ? [] : [`${count} newest ${count === 1 ? one : several} (${UNSEEN})`];
  });
}
