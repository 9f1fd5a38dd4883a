import type { NodeGroup } from "../../cluster/node-groups/node-groups.ts";
import { HUB_TOLERATIONS, type Toleration } from "../../cluster/node-groups/node-groups-placement.ts";
import type { JsonObject } from "../../json.ts";
import { LecternError, type Problem } from "../../problem/problem.ts";
import { deepMerge } from "../values/deep-merge.ts";
import { type MenuSources, profileImages } from "./images/profile-images.ts";
import { runsAnywhere } from "./node-groups/choice-groups.ts";
import { nodeGroupOverride } from "./node-groups/node-group-override.ts";
import { groupsOf, groupsOfChoices, severalGroups, withPlacedChoices } from "./node-groups/profile-groups.ts";
import { checkProfiles } from "./profile-checks.ts";
import { type BroughtOptions, profileOptions } from "./profile-options.ts";
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

/** The slugs of profiles, in their order. */
export const profileSlugs = ({ profiles }: Pick<ProfilesFile, "profiles">): string[] =>
  profiles.map((profile) => profile.slug ?? slugFrom(profile.display_name));

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
