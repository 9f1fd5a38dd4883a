import type { NodeGroup } from "../../../cluster/node-groups/node-groups.ts";
import type { Toleration } from "../../../cluster/node-groups/node-groups-placement.ts";
import { didYouMean } from "../../../problem/nearest.ts";
import type { Problem } from "../../../problem/problem.ts";
import { deepMerge } from "../../values/deep-merge.ts";
import { type BroughtOption, choiceKey } from "../profile-options.ts";
import type { Profile, ProfilesFile } from "../profiles-file.ts";
import { boundChoices, boundTwice } from "./choice-groups.ts";
import { nodeGroupOption, nodeGroupOverride } from "./node-group-override.ts";

/** The node groups that a profile names, and a problem for each that is unknown. */
export function groupsOf(
  profile: Profile,
  index: number,
  file: ProfilesFile,
  known: readonly NodeGroup[],
  problems: Problem[],
): NodeGroup[] {
  const named = typeof profile.node_groups === "string" ? [profile.node_groups] : (profile.node_groups ?? []);
  const slugs = known.map(({ slug }) => slug);
  return [...new Set(named)].flatMap((slug, position) => {
    const group = known.find((candidate) => candidate.slug === slug);
    if (group) return [group];
    const path = typeof profile.node_groups === "string" ? [] : [position];
    problems.push(file.problem([index, "node_groups", ...path], missingGroup(profile, slug, slugs)));
    return [];
  });
}

/** The node groups that choices name, by the slug. */
export function groupsOfChoices(
  profile: Profile,
  index: number,
  file: ProfilesFile,
  known: readonly NodeGroup[],
  problems: Problem[],
): ReadonlyMap<string, NodeGroup> {
  problems.push(...boundTwice(profile, index, file));
  const slugs = known.map(({ slug }) => slug);
  const found = boundChoices(profile).flatMap(({ slug, path }) => {
    const group = known.find((candidate) => candidate.slug === slug);
    if (group) return [[slug, group] as const];
    problems.push(file.problem([index, ...path], missingGroup(profile, slug, slugs)));
    return [];
  });
  return new Map(found);
}

const missingGroup = ({ display_name: name }: Profile, slug: string, slugs: readonly string[]) => ({
  code: "missing-node-group",
  message: `the profile ${JSON.stringify(name)} uses the unknown node group ${JSON.stringify(slug)}`,
  remedy: didYouMean(slug, slugs, `Name one of node-groups.json: ${slugs.join(", ") || "it has none"}`),
});

/** A profile whose choices have the settings of their node groups, as KubeSpawner knows no other. */
export function withPlacedChoices(
  profile: Profile,
  groups: ReadonlyMap<string, NodeGroup>,
  borne: readonly Toleration[],
): Profile {
  const options = { ...profile.profile_options };
  for (const { option, choice, slug } of boundChoices(profile)) {
    const held = options[option]?.choices?.[choice];
    const group = groups.get(slug);
    if (held === undefined) continue;
    const { node_group: _slug, ...rest } = held;
    const settings = deepMerge(group ? nodeGroupOverride(group, borne) : {}, rest.kubespawner_override ?? {});
    const choices = { ...options[option]?.choices, [choice]: { ...rest, kubespawner_override: settings } };
    options[option] = { ...options[option], choices };
  }
  return profile.profile_options === undefined ? profile : { ...profile, profile_options: options };
}

/** The option by which users choose among the node groups of a profile, where it has several. */
export function severalGroups(
  groups: readonly NodeGroup[],
  borne: readonly Toleration[],
): BroughtOption | undefined {
  const [first, ...others] = groups;
  return first && others.length > 0
    ? { option: nodeGroupOption(groups, borne), first: choiceKey(first.slug) }
    : undefined;
}
