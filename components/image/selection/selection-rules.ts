import type { Problem } from "../../problem/problem.ts";
import type { TagKind, UnnamedTag } from "../tags/tag.ts";
import type { ImagePolicy } from "./policy.ts";

/** How many of each kind the policy's rules pick; only these kinds are picked without being named. */
function countsOf(policy: ImagePolicy): Partial<Record<TagKind, number>> {
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
  const left = countsOf(policy);
  return sorted.filter((tag) => {
    const room = left[tag.kind] ?? 0;
    if (room === 0 || !isAllowed(tag, policy) || isTooOld(tag, policy, now)) return false;
    left[tag.kind] = room - 1;
    return true;
  });
}

/** A cycle that no tag has that rules could pick: an alias or an experiment of it leaves them empty. */
export function cycleProblems(policy: ImagePolicy, sorted: readonly UnnamedTag[]): Problem[] {
  const { cycle } = policy;
  const counts = countsOf(policy);
  const usable = sorted.filter((tag) => tag.arch === undefined && counts[tag.kind] !== undefined);
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
  const counts = countsOf(policy);
  return (["weekly", "daily"] as const).flatMap((kind): Problem[] => {
    const newest = sorted.find((tag) => tag.kind === kind && isAllowed(tag, policy));
    if (!counts[kind] || newest === undefined || !isTooOld(newest, policy, now)) return [];
    return [
      {
        code: "all-too-old",
        severity: "warning",
        path: "maximumAge",
        message: `no ${kind} is picked: the newest, ${JSON.stringify(newest.text)}, is older than that`,
        remedy: `Raise maximumAge, or set ${kind === "weekly" ? "weeklies" : "dailies"} to 0`,
      },
    ];
  });
}

/** Whether rules may pick a tag, its age aside. */
function isAllowed(tag: UnnamedTag, policy: ImagePolicy): boolean {
  if (tag.arch !== undefined) return false;
  if (policy.cycle !== undefined && tag.cycle !== policy.cycle) return false;
  if (tag.kind !== "release" && tag.kind !== "candidate") return true;
  return policy.minimumVersion === undefined || !isBelow(tag.version, policy.minimumVersion);
}

function isTooOld(tag: UnnamedTag, { maximumAge }: ImagePolicy, now: number): boolean {
  if (maximumAge === undefined || !("date" in tag)) return false;
  return (tag.date ?? now) < now - maximumAge;
}

/** By major, minor and patch alone: the candidates of a version are not below it. */
function isBelow(version: readonly number[], minimum: readonly number[]): boolean {
  const part = [0, 1, 2].find((index) => version[index] !== minimum[index]);
  return part !== undefined && (version[part] ?? 0) < (minimum[part] ?? 0);
}
