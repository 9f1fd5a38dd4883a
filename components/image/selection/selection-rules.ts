import type { Problem } from "../../problem/problem.ts";
import { compareTags, type TagKind, type UnnamedTag } from "../tags/tag.ts";
import type { ImagePolicy, Picked } from "./policy.ts";

/** What the policy's rules pick of each kind; only these kinds are picked without being named. */
function rulesOf(policy: ImagePolicy): Partial<Record<TagKind, Picked>> {
  return {
    release: policy.releases,
    weekly: policy.weeklies,
    daily: policy.dailies,
    candidate: policy.candidates,
  };
}

/**
 * What the counts of a policy pick from tags in the menu's order: the newest of each kind.
 * @param now milliseconds since the epoch, for `maximumAge`
 */
export function picks(sorted: readonly UnnamedTag[], policy: ImagePolicy, now: number): UnnamedTag[] {
  const rules = rulesOf(policy);
  const picked = new Map<TagKind, number>();
  return sorted.filter((tag) => {
    const rule = rules[tag.kind];
    const sofar = picked.get(tag.kind) ?? 0;
    if (!rule || sofar >= rule.count || !isAllowed(tag, policy, rule) || isTooOld(tag, policy, rule, now))
      return false;
    picked.set(tag.kind, sofar + 1);
    return true;
  });
}

/** A cycle that no tag has that rules could pick: an alias or an experiment of it leaves them empty. */
export function cycleProblems(policy: ImagePolicy, sorted: readonly UnnamedTag[]): Problem[] {
  const { cycle } = policy;
  const rules = rulesOf(policy);
  const usable = sorted.filter((tag) => tag.arch === undefined && rules[tag.kind] !== undefined);
  if (cycle === undefined || usable.some((tag) => tag.cycle === cycle)) return [];
  const cycles = [...new Set(usable.flatMap((tag) => tag.cycle ?? []))].sort((a, b) => b - a).slice(0, 5);
  return [
    {
      code: "unmatched-cycle",
      severity: "error",
      path: "cycle",
      message: `no release, weekly, daily or candidate has the cycle ${cycle}`,
      remedy:
        cycles.length > 0 ? `The newest cycles are ${cycles.join(", ")}` : "Remove it: no tag has a cycle",
    },
  ];
}

/** A notice for each kind that is counted and of which the age alone leaves nothing. */
export function ageNotices(policy: ImagePolicy, sorted: readonly UnnamedTag[], now: number): Problem[] {
  const kinds = [
    ["weekly", "weeklies"],
    ["daily", "dailies"],
  ] as const;
  return kinds.flatMap(([kind, key]): Problem[] => {
    const rule = policy[key];
    const newest = sorted.find((tag) => tag.kind === kind && isAllowed(tag, policy, rule));
    if (rule.count === 0 || newest === undefined || !isTooOld(newest, policy, rule, now)) return [];
    return [
      {
        code: "all-too-old",
        severity: "warning",
        path: rule.maximumAge === undefined ? "maximumAge" : `${key}.maximumAge`,
        message: `no ${kind} is picked: the newest, ${JSON.stringify(newest.text)}, is older than that`,
        remedy: `Raise maximumAge, or set ${key} to 0`,
      },
    ];
  });
}

/** Whether rules may pick a tag, its age aside. */
function isAllowed(tag: UnnamedTag, policy: ImagePolicy, { oldest }: Picked): boolean {
  if (tag.arch !== undefined) return false;
  if (policy.cycle !== undefined && tag.cycle !== policy.cycle) return false;
  if (policy.minimumBuild !== undefined && (tag.rspBuild ?? 0) < policy.minimumBuild) return false;
  // The order of a menu: what is above is newer.
  if (oldest !== undefined && compareTags(tag, oldest) > 0) return false;
  if (tag.kind !== "release" && tag.kind !== "candidate") return true;
  return policy.minimumVersion === undefined || !isBelow(tag.version, policy.minimumVersion);
}

function isTooOld(tag: UnnamedTag, policy: ImagePolicy, rule: Picked, now: number): boolean {
  const { maximumAge = policy.maximumAge } = rule;
  if (maximumAge === undefined || !("date" in tag)) return false;
  return (tag.date ?? now) < now - maximumAge;
}

/** By major, minor and patch alone: the candidates of a version are not below it. */
function isBelow(version: readonly number[], minimum: readonly number[]): boolean {
  const part = [0, 1, 2].find((index) => version[index] !== minimum[index]);
  return part !== undefined && (version[part] ?? 0) < (minimum[part] ?? 0);
}
