import { isObject, type JsonObject } from "../../../json.ts";
import type { KubeSpawnerProfile, RenderedProfile } from "../profile-list.ts";
import { fixedImagesInOverride, imagesInOverride } from "./override-images.ts";

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
