import { isDeepStrictEqual } from "node:util";
import type { Delegate } from "../../../components/cluster/declaration/delegate-schema.ts";
import type { Profile } from "../../../components/hub/profiles/profiles-file.ts";
import type { ImageEntry, ImagesFile } from "../../../components/image/selection/images-file.ts";
import { beyond, reservedIn } from "./profile-bounds.ts";
import { repositoriesBeyond } from "./settings.ts";

/** What the hubs of a cluster offer: its profiles.yaml and images.yaml. */
export interface Offer {
  readonly profiles: readonly Profile[];
  readonly images: ImagesFile;
}

/**
 * Why a change of profiles is not a delegate's to decide: each profile has to be within what one of the grants allows, or be
 * exactly as it was, and none that goes beyond may disappear.
 * @param grants the author's, at least one
 */
export function profileReasons(base: Offer, head: Offer, grants: readonly Delegate[]): string[] {
  const isBeyond = (offer: Offer) => (profile: Profile) =>
    leastBeyond(profile, offer.images, grants).length > 0;
  const kept = base.profiles.filter(isBeyond(base));
  const isIn = (some: readonly Profile[]) => (profile: Profile) =>
    some.some((one) => isDeepStrictEqual(one, profile));
  const changed = head.profiles.filter((profile) => isBeyond(head)(profile) && !isIn(kept)(profile));
  const gone = kept.filter((profile) => !isIn(head.profiles)(profile));
  const replaced = gone.filter(
    (profile) => !changed.some(({ display_name: name }) => name === profile.display_name),
  );
  const first = defaultOf(head.profiles);
  const raised =
    first !== undefined && isIn(kept)(first) && !isDeepStrictEqual(first, defaultOf(base.profiles));
  return [
    ...changed.map(
      (profile) =>
        `the profile ${quoted(profile.display_name)} has ${leastBeyond(profile, head.images, grants).join(", ")}`,
    ),
    ...replaced.map(
      (profile) =>
        `the profile ${quoted(profile.display_name)} changes or disappears, but is infrastructure's: it has ${leastBeyond(profile, base.images, grants).join(", ")}`,
    ),
    ...(raised
      ? [`the profile ${quoted(first.display_name)}, which is infrastructure's, becomes the default`]
      : []),
  ];
}

/** Why a change of images.yaml is not a delegate's to decide. @param grants the author's, at least one */
export function imageReasons(base: Offer, head: Offer, grants: readonly Delegate[]): string[] {
  const keys = [...new Set([...Object.keys(base.images), ...Object.keys(head.images)])].sort();
  return keys.flatMap((key) => {
    const [before, after] = [entryOf(base.images, key), entryOf(head.images, key)];
    if (isDeepStrictEqual(writtenIn(before), writtenIn(after))) return [];
    const reasons = [
      ...entryReasons(before, after, grants),
      ...reservingProfiles(key, [...base.profiles, ...head.profiles]),
    ];
    return reasons.map((reason) => `the entry ${key}: ${reason}`);
  });
}

function entryReasons(
  before: ImageEntry | undefined,
  after: ImageEntry | undefined,
  grants: readonly Delegate[],
): string[] {
  const repositories = [...new Set([before, after].flatMap((one) => one?.repositories ?? []))];
  const beyondAll = leastOf(grants.map(({ images }) => repositoriesBeyond(repositories, images)));
  const alias = before?.alias ?? after?.alias;
  const movesElsewhere =
    alias !== undefined &&
    after !== undefined &&
    !isDeepStrictEqual([before?.alias, before?.repositories], [after.alias, after.repositories]);
  const isOtherwiseFixed =
    before && after && !isDeepStrictEqual(before.policy.immutable, after.policy.immutable);
  return [
    ...beyondAll,
    ...(movesElsewhere ? [`infrastructure decides where the alias ${alias} is moved`] : []),
    ...(isOtherwiseFixed ? ["infrastructure decides which tags are immutable"] : []),
  ];
}

/** A profile with rights of its own: who changes what it starts would have them. */
const reservingProfiles = (key: string, profiles: readonly Profile[]): string[] => {
  const reasons = profiles
    .filter(({ images }) => images === key)
    .flatMap((profile) => {
      const [setting] = reservedIn(profile);
      return setting === undefined
        ? []
        : [`the profile ${quoted(profile.display_name)} starts it with ${setting}`];
    });
  return [...new Set(reasons)];
};

/** The profile that users get if they choose none. */
const defaultOf = (profiles: readonly Profile[]) =>
  profiles.find((profile) => profile.default === true) ?? profiles[0];

/** What is beyond the grant that comes nearest. */
const leastBeyond = (profile: Profile, images: ImagesFile, grants: readonly Delegate[]) =>
  leastOf(grants.map((grant) => beyond(profile, grant, images)));

const leastOf = (lists: readonly string[][]) =>
  lists.reduce((least, list) => (list.length < least.length ? list : least), lists[0] ?? []);

const entryOf = (images: ImagesFile, key: string) => (Object.hasOwn(images, key) ? images[key] : undefined);

const writtenIn = (entry: ImageEntry | undefined) =>
  entry && { alias: entry.alias, repositories: entry.repositories, policy: entry.policy };

const quoted = (text: string) => JSON.stringify(text);
