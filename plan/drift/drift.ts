/**
 * What becomes of a difference: the next deployment undoes it, or only one that refreshes does; or its thing is held and it
 * stays, or it is accepted.
 */
export type Fate = "undone" | "refresh" | "held" | "accepted";

/** Something that is not as it was deployed, because it was changed outside the repository. It never has a value of a state. */
export interface Difference {
  /** What people call the thing: `Hub campus/staging`. */
  readonly thing: string;
  readonly change: "gone" | "changed" | "removed" | "added";
  /** An object of the thing: `ConfigMap hub`; undefined where it is the thing itself. */
  readonly object?: string | undefined;
  /** `data.greeting` */
  readonly field?: string | undefined;
  /** What differs in words of the thing's own, instead of a field: `host-1: kernel.json was changed`. */
  readonly detail?: string | undefined;
  /** Who changed it, as far as that is known: `kubectl-edit`. */
  readonly manager?: string | undefined;
  /** When, in ISO 8601. */
  readonly time?: string | undefined;
  readonly fate: Fate;
  /** Why it is accepted. */
  readonly reason?: string | undefined;
}

/** What was found of a stack. */
export interface StackDrift {
  readonly stack: string;
  readonly environment: string;
  /** `failed`: it could not be looked at, or not at everything; differences are what was seen before. */
  readonly state: "clean" | "drift" | "failed";
  readonly differences: readonly Difference[];
  readonly errors: readonly string[];
  readonly seconds: number;
}

/** Differences that are not accepted. */
export const openOf = <T extends Pick<Difference, "fate">>(differences: readonly T[]): T[] =>
  differences.filter(({ fate }) => fate !== "accepted");

/** What differs, without who and when: `ConfigMap hub: data.greeting was changed`. */
export function whatDiffers({ change, object, field, detail }: Difference): string {
  if (detail !== undefined) return detail;
  if (change === "gone") return `${object ?? "it"} is gone`;
  const where = [object, field].filter((part) => part !== undefined).join(": ");
  return `${where || "it"} was ${change}`;
}

/** `3 differences in 2 stacks; 1 stack could not be looked at`. */
export function summaryOf(stacks: readonly StackDrift[]): string {
  const differing = stacks.filter(({ differences }) => openOf(differences).length > 0);
  const count = differing.reduce((sum, { differences }) => sum + openOf(differences).length, 0);
  const failed = stacks.filter(({ state }) => state === "failed").length;
  const looked = stacks.length - failed;
  const found =
    count > 0
      ? `${counted(count, "difference")} in ${counted(differing.length, "stack")}`
      : `no differences in ${counted(looked, "stack")}`;
  return failed === 0 ? found : `${found}; ${counted(failed, "stack")} could not be looked at`;
}

const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;
