import { isDeepStrictEqual } from "node:util";
import { boundChoices } from "../../hub/profiles/node-groups/choice-groups.ts";
import type { ProfilesFile } from "../../hub/profiles/profiles-file.ts";
import { didYouMean } from "../../problem/nearest.ts";
import { LecternError, type Problem } from "../../problem/problem.ts";
import type { NodeGroup } from "./node-groups.ts";

/** What became of one node group. */
export interface NodeGroupChange {
  readonly slug: string;
  readonly change: "added" | "changed" | "unchanged" | "removed";
  /** The fields that differ, of one that changed. */
  readonly fields?: readonly string[];
}

/** What a load did. */
export interface LoadedNodeGroups {
  /** All that are known now, in their former order, new ones last. */
  readonly groups: readonly NodeGroup[];
  /** One for each of `groups`, in their order. */
  readonly changes: readonly NodeGroupChange[];
}

/**
 * Merges a file's node groups into those that are known, by slug. Never removes one: what the file
 * lacks stays. Loading the same file again changes nothing.
 */
export function loadNodeGroups(
  existing: readonly NodeGroup[],
  loaded: readonly NodeGroup[],
): LoadedNodeGroups {
  const before = new Map(existing.map((group) => [group.slug, group]));
  const after = new Map(before);
  const changes = new Map(
    existing.map(({ slug }) => [slug, { slug, change: "unchanged" } as NodeGroupChange]),
  );
  for (const group of loaded) {
    const { slug } = group;
    const known = before.get(slug);
    const fields = known ? fieldsThatDiffer(known, group) : [];
    if (known && fields.length === 0) continue;
    after.set(slug, group);
    changes.set(slug, known ? { slug, change: "changed", fields } : { slug, change: "added" });
  }
  return { groups: [...after.values()], changes: [...changes.values()] };
}

/**
 * The node groups without some.
 * @param profiles those that may use them, where there are any
 * @throws {LecternError} naming each one that isn't there, and every profile that still uses one
 */
export function removeNodeGroups(
  groups: readonly NodeGroup[],
  slugs: readonly string[],
  profiles: ProfilesFile | undefined,
): NodeGroup[] {
  const known = groups.map(({ slug }) => slug);
  const problems = [
    ...slugs.filter((slug) => !known.includes(slug)).map((slug) => noSuchGroup(slug, known)),
    ...(profiles ? usesOf(slugs, profiles) : []),
  ];
  if (problems.length > 0) throw new LecternError(problems);
  return groups.filter(({ slug }) => !slugs.includes(slug));
}

function usesOf(slugs: readonly string[], file: ProfilesFile): Problem[] {
  return file.profiles.flatMap((profile, index) => {
    const { display_name: name, node_groups: named = [] } = profile;
    const used = [named].flat().map((slug, position) => ({
      slug,
      path: ["node_groups", ...(typeof named === "string" ? [] : [position])] as readonly PropertyKey[],
    }));
    return [...used, ...boundChoices(profile)].flatMap(({ slug, path }) => {
      if (!slugs.includes(slug)) return [];
      return file.problem([index, ...path], {
        code: "used-node-group",
        message: `the profile ${JSON.stringify(name)} still uses the node group ${JSON.stringify(slug)}`,
        remedy: "Move the profile to another node group first",
      });
    });
  });
}

function noSuchGroup(slug: string, known: readonly string[]): Problem {
  return {
    code: "missing-node-group",
    severity: "error",
    message: `unknown node group ${JSON.stringify(slug)}`,
    remedy: didYouMean(
      slug,
      known,
      known.length > 0 ? `Name one of ${known.join(", ")}` : "The cluster has no node groups",
    ),
  };
}

/** The order of keys is no difference. */
function fieldsThatDiffer(before: NodeGroup, after: NodeGroup): string[] {
  const [old, now] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  const names = new Set([...old.keys(), ...now.keys()]);
  return [...names].filter((name) => !isDeepStrictEqual(old.get(name), now.get(name)));
}
