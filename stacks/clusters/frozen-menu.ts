import { isDeepStrictEqual } from "node:util";
import type { RenderedProfile } from "../../components/hub/profiles/profile-list.ts";
import type { Freeze } from "../calendar/freeze.ts";
import type { OutputEntries, SelectedImages } from "../outputs/outputs.ts";
import { isHeld } from "../promotion/gate.ts";
import type { Holds } from "../promotion/holds.ts";

/** What the freeze of what hubs offer depends on. */
export interface FrozenMenuArgs {
  readonly freeze: Freeze;
  readonly holds: Holds;
  readonly before: {
    readonly images: OutputEntries<"images">;
    readonly profiles: OutputEntries<"profiles">;
  };
}

/**
 * The images of an entry at the moment of the run: those of the last deployment where an event freezes them, a
 * rollback included.
 * @param wanted what they would be
 */
export function frozenSelection(
  cluster: string,
  key: string,
  wanted: SelectedImages,
  { freeze, holds, before }: FrozenMenuArgs,
): SelectedImages {
  const id = `${cluster}/${key}`;
  const last = before.images.get(id);
  if (!last) return wanted;
  const differs = !isDeepStrictEqual(wanted, last);
  const by = freeze.frozen.images.get(cluster);
  const gate = freeze.decide(`images/${id}`, by, { use: wanted }, { deployed: true, differs });
  holds.admits(`images/${id}`, gate, `images ${id} are held`);
  return isHeld(gate) ? last : gate.use;
}

/**
 * The profiles of a cluster at the moment of the run: those of the last deployment where an event freezes them.
 * @param wanted what they would be
 */
export function frozenProfiles(
  cluster: string,
  wanted: readonly RenderedProfile[],
  { freeze, holds, before }: FrozenMenuArgs,
): readonly RenderedProfile[] {
  const last = before.profiles.get(cluster);
  if (!last) return wanted;
  const list: unknown = JSON.parse(JSON.stringify(wanted.map(({ profile }) => profile)));
  const differs = !isDeepStrictEqual(list, last);
  const by = freeze.frozen.images.get(cluster);
  const gate = freeze.decide(`profiles/${cluster}`, by, { use: wanted }, { deployed: true, differs });
  holds.admits(`profiles/${cluster}`, gate, `the profiles of ${cluster} are held`);
  if (!isHeld(gate) || !differs) return wanted;
  const groups = new Map(wanted.map(({ profile, nodeGroups }) => [profile.slug, nodeGroups]));
  return last.map((profile) => ({ profile, nodeGroups: groups.get(profile.slug) ?? [] }));
}
