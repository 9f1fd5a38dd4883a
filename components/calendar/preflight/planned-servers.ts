import type { ClusterFiles } from "../../cluster/cluster-files.ts";
import { profileSlugs } from "../../hub/profiles/profile-list.ts";
import { profileSettings } from "../../hub/profiles/server-pod/server-pod.ts";
import type { JsonObject } from "../../json.ts";
import type { Occurrence } from "../occurrence.ts";
import type { HubServers } from "./hub-servers.ts";
import type { PlannedServers } from "./preflight.ts";

/**
 * The events on hubs of a cluster, and where their people's servers start: with the profile that they name, in an exam the
 * first that it offers, else with the default one, as servers are prepared for them.
 * @param hubs what every server of a hub may take, by the hub's ID
 */
export function plannedServers(
  { name, profiles, nodeGroups }: Pick<ClusterFiles, "name" | "profiles" | "nodeGroups">,
  occurrences: readonly Occurrence[],
  hubs: ReadonlyMap<string, HubServers>,
): PlannedServers[] {
  const slugs = profiles ? profileSlugs(profiles) : [];
  const usual = Math.max(0, profiles?.profiles.findIndex((one) => one.default === true) ?? 0);
  return occurrences.flatMap((occurrence) => {
    if (occurrence.hub?.split("/")[0] !== name) return [];
    const wanted = occurrence.profile ?? occurrence.offered[0];
    const slug = wanted ?? slugs[usual];
    const profile = profiles?.profiles[slug === undefined ? -1 : slugs.indexOf(slug)];
    if (slug === undefined || !profile) {
      const unknown =
        wanted === undefined
          ? `the event names no profile, and the cluster ${name} has none`
          : `the cluster ${name} has no profile ${wanted}`;
      return { occurrence, settings: {}, groups: [], unknown };
    }
    const named = [profile.node_groups ?? []].flat();
    const groups = named.flatMap((one) => nodeGroups.find((group) => group.slug === one) ?? []);
    const own = profileSettings(profile);
    const { settings = {}, unknown } = hubs.get(occurrence.hub) ?? {};
    const isUnknown = unknown !== undefined && !isDecided(occurrence, own);
    const servers = { occurrence, profile: slug, settings: { ...settings, ...own }, groups };
    return isUnknown ? { ...servers, unknown } : servers;
  });
}

/** Whether a profile sets all that counts for an event: in an exam what servers may take, else what they are guaranteed. */
function isDecided({ kind }: Occurrence, own: JsonObject): boolean {
  const counted = kind === "exam" ? ["cpu_limit", "mem_limit"] : ["cpu_guarantee", "mem_guarantee"];
  return counted.every((name) => (own[name] ?? undefined) !== undefined);
}
