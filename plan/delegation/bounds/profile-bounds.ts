import type { Delegate } from "../../../components/cluster/declaration/delegate-schema.ts";
import { boundChoices } from "../../../components/hub/profiles/node-groups/choice-groups.ts";
import type { Profile } from "../../../components/hub/profiles/profiles-file.ts";
import type { ImagesFile } from "../../../components/image/selection/images-file.ts";
import type { JsonObject } from "../../../components/json.ts";
import { imageBeyond, repositoriesBeyond, reservedSettings, settingsBeyond } from "./settings.ts";

/**
 * What a profile has that is beyond what a delegate may decide; none where it is within.
 * @param images the entries of images.yaml that it may refer to
 */
export function beyond(profile: Profile, delegate: Delegate, images: ImagesFile): string[] {
  const groups = [...[profile.node_groups ?? []].flat(), ...boundChoices(profile).map(({ slug }) => slug)];
  return [
    ...groups
      .filter((slug) => !delegate.nodeGroups.includes(slug))
      .map((slug) => `the node group ${slug} (allowed: ${delegate.nodeGroups.join(", ") || "none"})`),
    ...imagesBeyond(profile, delegate, images),
    ...overridesIn(profile).flatMap((override) => settingsBeyond(override, delegate)),
    ...freeTexts(profile).map((key) => `the option ${key}, where users write a value of their own`),
  ];
}

/** What of a profile no delegate may decide: with it, even its image is infrastructure's. */
export const reservedIn = (profile: Profile): string[] => overridesIn(profile).flatMap(reservedSettings);

function imagesBeyond(
  { images: named }: Profile,
  { images: allowed }: Delegate,
  images: ImagesFile,
): string[] {
  if (named === undefined) return [];
  if (Array.isArray(named)) {
    return named.flatMap((one) => imageBeyond(typeof one === "string" ? one : one.image, allowed));
  }
  const entry = Object.hasOwn(images, named) ? images[named] : undefined;
  return entry
    ? repositoriesBeyond(entry.repositories, allowed)
    : [`the unknown entry ${named} of images.yaml`];
}

const optionsIn = ({ profile_options: options = {} }: Profile) => Object.entries(options);

const overridesIn = (profile: Profile): (JsonObject | undefined)[] => [
  profile.kubespawner_override,
  ...optionsIn(profile).flatMap(([, { choices = {} }]) =>
    Object.values(choices).map(({ kubespawner_override: override }) => override),
  ),
];

/** What a user writes there is nobody's decision beforehand. */
const freeTexts = (profile: Profile): string[] =>
  optionsIn(profile).flatMap(([key, { unlisted_choice: unlisted }]) => (unlisted?.enabled ? [key] : []));
