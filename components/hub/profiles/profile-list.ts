import type { NodeGroup } from "../../cluster/node-groups/node-groups.ts";
import { HUB_TOLERATIONS, type Toleration } from "../../cluster/node-groups/node-groups-placement.ts";
import { isObject, type JsonObject } from "../../json.ts";
import { didYouMean } from "../../problem/nearest.ts";
import { LecternError, type Problem } from "../../problem/problem.ts";
import { deepMerge } from "../values/deep-merge.ts";
import { boundChoices, boundTwice, runsAnywhere } from "./choice-groups.ts";
import { nodeGroupOption, nodeGroupOverride } from "./node-group-override.ts";
import { fixedImagesInOverride, imagesInOverride } from "./override-images.ts";
import { checkProfiles } from "./profile-checks.ts";
import { type MenuSources, profileImages } from "./profile-images.ts";
import { type BroughtOption, type BroughtOptions, choiceKey, profileOptions } from "./profile-options.ts";
import type { Profile, ProfilesFile } from "./profiles-file.ts";

/** One entry of KubeSpawner's `profile_list`, as it reads it. */
export interface KubeSpawnerProfile {
  readonly display_name: string;
  readonly slug: string;
  readonly description?: string;
  readonly default?: true;
  readonly kubespawner_override?: JsonObject;
  readonly profile_options?: Readonly<Record<string, JsonObject>>;
}

/** What a profile came to, with what others need to know of it. */
export interface RenderedProfile {
  readonly profile: KubeSpawnerProfile;
  /** Slugs of the node groups that it may run on; none means any node. */
  readonly nodeGroups: readonly string[];
  /** Whether it also runs on any node: its node groups are those of some choices. @default false where it has some */
  readonly anywhere?: boolean;
}

export interface ProfileSources extends MenuSources {
  readonly nodeGroups: readonly NodeGroup[];
  /** What every user's pod tolerates. @default as Zero to JupyterHub has it */
  readonly userTolerations?: readonly Toleration[];
}

/**
 * The profiles as KubeSpawner's `profile_list` has them: node groups and images written out, slugs
 * and defaults said. The same input gives the same bytes.
 * @throws {LecternError} with every problem of the file, each with its field and line
 */
export function renderProfileList(file: ProfilesFile, sources: ProfileSources): RenderedProfile[] {
  const problems = checkProfiles(file);
  const slugs = slugsOf(file, problems);
  const first = file.profiles.findIndex((profile) => profile.default === true);
  const rendered = file.profiles.map((profile, index) => {
    const parts = partsOf(profile, index, file, sources, problems);
    const isDefault = index === Math.max(0, first);
    const { nodeGroups, anywhere } = parts;
    return { profile: entryOf(profile, slugs[index] ?? "", isDefault, parts), nodeGroups, anywhere };
  });
  if (problems.length > 0) throw new LecternError(problems);
  return rendered;
}

/** An image that some profile can start, and where. */
export interface StartableImage {
  /** As the pod will name it: `repository@sha256:…`. */
  readonly image: string;
  /** Whether a profile without node groups starts it: on any node that takes an ordinary pod. */
  readonly anywhere: boolean;
  /** Slugs of the node groups whose nodes may start it besides, sorted. */
  readonly nodeGroups: readonly string[];
}

/**
 * Every image that any of the profiles can start, each once, sorted: the one source of what nodes
 * hold ready. What a user may write into an unlisted choice is not among them.
 */
export function imagesOf(rendered: readonly RenderedProfile[]): StartableImage[] {
  const startable = new Map<string, { anywhere: boolean; nodeGroups: Set<string> }>();
  for (const { profile, nodeGroups, anywhere = nodeGroups.length === 0 } of rendered) {
    for (const image of imagesIn(profile)) {
      const known = startable.get(image);
      startable.set(image, {
        // Not instead of the groups: their nodes may have taints that an ordinary pod does not bear.
        anywhere: known?.anywhere === true || anywhere,
        nodeGroups: new Set([...(known?.nodeGroups ?? []), ...nodeGroups]),
      });
    }
  }
  return [...startable]
    .map(([image, { anywhere, nodeGroups }]) => ({ image, anywhere, nodeGroups: [...nodeGroups].sort() }))
    .sort((a, b) => (a.image < b.image ? -1 : 1));
}

interface Parts {
  readonly override: JsonObject;
  readonly options: Readonly<Record<string, JsonObject>>;
  readonly nodeGroups: readonly string[];
  readonly anywhere: boolean;
}

function partsOf(
  profile: Profile,
  index: number,
  file: ProfilesFile,
  sources: ProfileSources,
  problems: Problem[],
): Parts {
  const wrong: { groups: Problem[]; images: Problem[] } = { groups: [], images: [] };
  const groups = groupsOf(profile, index, file, sources.nodeGroups, wrong.groups);
  const ofChoices = groupsOfChoices(profile, index, file, sources.nodeGroups, problems);
  const images = profileImages(profile, index, file, sources, wrong.images);
  problems.push(...wrong.groups, ...wrong.images);
  const [only] = groups.length === 1 ? groups : [];
  const { userTolerations = HUB_TOLERATIONS } = sources;
  const override = deepMerge(
    only ? nodeGroupOverride(only, userTolerations) : {},
    images.override ?? {},
    profile.kubespawner_override ?? {},
  );
  const brought: BroughtOptions = {
    node_group: wrong.groups.length > 0 ? "faulty" : severalGroups(groups, userTolerations),
    image: wrong.images.length > 0 ? "faulty" : images.option,
  };
  const placed = withPlacedChoices(profile, ofChoices, userTolerations);
  const options = profileOptions(placed, [index, "profile_options"], brought, file, problems);
  const nodeGroups = [...new Set([...groups, ...ofChoices.values()].map(({ slug }) => slug))];
  return { override, options, nodeGroups, anywhere: groups.length === 0 && runsAnywhere(profile) };
}

function severalGroups(
  groups: readonly NodeGroup[],
  borne: readonly Toleration[],
): BroughtOption | undefined {
  const [first, ...others] = groups;
  return first && others.length > 0
    ? { option: nodeGroupOption(groups, borne), first: choiceKey(first.slug) }
    : undefined;
}

function entryOf(profile: Profile, slug: string, isDefault: boolean, parts: Parts): KubeSpawnerProfile {
  return {
    display_name: profile.display_name,
    slug,
    ...(profile.description === undefined ? {} : { description: profile.description }),
    ...(isDefault ? { default: true as const } : {}),
    ...(Object.keys(parts.override).length > 0 ? { kubespawner_override: parts.override } : {}),
    ...(Object.keys(parts.options).length > 0 ? { profile_options: parts.options } : {}),
  };
}

function groupsOf(
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

/** The slugs of profiles, in their order. */
export const profileSlugs = ({ profiles }: Pick<ProfilesFile, "profiles">): string[] =>
  profiles.map((profile) => profile.slug ?? slugFrom(profile.display_name));

/** The node groups that choices name, by the slug. */
function groupsOfChoices(
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
function withPlacedChoices(
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

function slugsOf({ profiles, problem }: ProfilesFile, problems: Problem[]): string[] {
  const slugs = profileSlugs({ profiles });
  slugs.forEach((slug, index) => {
    if (slug !== "" && slugs.indexOf(slug) === index) return;
    const written = profiles[index]?.slug !== undefined;
    problems.push(
      problem([index, written ? "slug" : "display_name"], {
        code: "duplicate-slug",
        message:
          slug === ""
            ? "no slug can be derived from this name"
            : `the slug ${JSON.stringify(slug)} is already used above`,
        remedy: "Give the profile a slug of its own",
      }),
    );
  });
  return slugs;
}

/** `Größe: klein (2 CPU)` → `grosse-klein-2-cpu`: the same for the same name, always. */
function slugFrom(name: string): string {
  const plain = name.normalize("NFKD").replaceAll("ß", "ss").replace(/\p{M}/gu, "").toLowerCase();
  return plain
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")
    .slice(0, 63)
    .replace(/-$/, "");
}

function imagesIn(profile: KubeSpawnerProfile): string[] {
  const options = Object.values(profile.profile_options ?? {});
  const choices = options.flatMap(({ choices }) => Object.values(isObject(choices) ? choices : {}));
  const unlisted = options.map((option) => option["unlisted_choice"]);
  return [
    ...[profile, ...choices].flatMap((holder) => imagesInOverride(overrideOf(holder))),
    ...unlisted
      .filter((holder) => isObject(holder) && holder["enabled"] === true)
      .flatMap((holder) => fixedImagesInOverride(overrideOf(holder))),
  ].map(({ image }) => image);
}

function overrideOf(holder: unknown): JsonObject | undefined {
  const override = isObject(holder) ? holder["kubespawner_override"] : undefined;
  return isObject(override) ? override : undefined;
}
