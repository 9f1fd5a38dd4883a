import { LecternError } from "../../problem/problem.ts";
import { type Digest, type Repository, shortDigest } from "../reference.ts";
import { parseTag } from "../tags/tag-grammar.ts";

/** What the state knows of the alias in one repository. */
export interface Place {
  /** What the alias names, as it was last seen; missing where the repository has no such tag. */
  readonly digest?: Digest;
  /** What was last written there, or found there and right. */
  readonly applied: Digest;
  /** The tag that `applied` was named by. */
  readonly tag: string;
  /** What was applied before that, and the tag where it is known: where a rollback goes. */
  readonly previous?: Digest;
  readonly previousTag?: string;
  /** Whether `applied` came from a rollback. */
  readonly rolledBack: boolean;
}

/** By repository. */
export type Places = Readonly<Record<string, Place>>;

/** What a person wants of the alias, checked. */
export interface Wish {
  readonly alias: string;
  /** The tag whose image it should name. */
  readonly target: string;
  readonly targetDigest: Digest;
  readonly source: Repository;
  readonly repositories: readonly Repository[];
  readonly rollback: boolean;
}

/** What is to be done in one repository; nothing to write where `from` and `to` are the same. */
export interface Move {
  readonly repository: Repository;
  readonly from: Digest | undefined;
  readonly to: Digest;
  /** What the state says of the repository when that is done. */
  readonly after: Place;
}

/**
 * What the alias has to name in each repository, and what to remember of what it named.
 * @param now what the alias names now, by repository
 * @throws {LecternError} where a rollback has nowhere to go
 */
export function planMoves(
  wish: Wish,
  now: ReadonlyMap<Repository, Digest | undefined>,
  known: Places,
): Move[] {
  return wish.repositories.map((repository) => {
    const place = known[repository];
    const from = now.get(repository);
    const to = wish.rollback
      ? backTo(wish, repository, place)
      : { digest: wish.targetDigest, tag: wish.target };
    const after: Place = {
      digest: to.digest,
      applied: to.digest,
      tag: to.tag,
      ...previousOf(from, to.digest, place),
      rolledBack: wish.rollback,
    };
    return { repository, from, to: to.digest, after };
  });
}

/** Whether anything differs: in a registry, or between a registry and what the state says of it. */
export function differs(moves: readonly Move[], known: Places): boolean {
  const removed = Object.keys(known).some((name) => moves.every(({ repository }) => repository !== name));
  return (
    removed || moves.some((move) => move.from !== move.to || !samePlace(known[move.repository], move.after))
  );
}

/** A rollback is done once: while it stays configured, the alias stays where that has put it. */
function backTo(
  wish: Wish,
  repository: Repository,
  place: Place | undefined,
): { digest: Digest; tag: string } {
  if (place?.rolledBack) return { digest: place.applied, tag: place.tag };
  if (place?.previous) return { digest: place.previous, tag: place.previousTag ?? "" };
  throw new LecternError({
    code: "no-rollback",
    severity: "error",
    path: "rollback",
    message: `${wish.alias} of ${repository} can't go back: no earlier image of it is known`,
    remedy: "Take `rollback` away, and set `target` to the image that it should name",
  });
}

/**
 * What a deployment had applied before this, or, where none has, what was there. What somebody else
 * put there since is never remembered: nobody has reviewed it, so no rollback may go there.
 */
function previousOf(
  from: Digest | undefined,
  to: Digest,
  place: Place | undefined,
): Pick<Place, "previous" | "previousTag"> {
  const before = place ? place.applied : from;
  if (before !== undefined && before !== to) {
    const tag = nameIn(place, before);
    return { previous: before, ...(tag === undefined ? {} : { previousTag: tag }) };
  }
  return {
    ...(place?.previous === undefined ? {} : { previous: place.previous }),
    ...(place?.previousTag === undefined ? {} : { previousTag: place.previousTag }),
  };
}

/** The tag by which the state knows a digest. */
export function nameIn(place: Place | undefined, digest: Digest | undefined): string | undefined {
  if (!place || digest === undefined) return undefined;
  if (digest === place.applied) return place.tag || undefined;
  return digest === place.previous ? place.previousTag : undefined;
}

/** `Weekly 2022_40 (sha256:ab…)`; the digest alone where no tag is known. */
export function describeImage(tag: string | undefined, digest: Digest | undefined): string {
  if (digest === undefined) return "nothing";
  return tag ? `${parseTag(tag).name} (${shortDigest(digest)})` : shortDigest(digest);
}

/** `recommended: Weekly 2022_40 (sha256:ab…) → Weekly 2022_44 (sha256:cd…)`. */
export function planLine(alias: string, from: string, to: string): string {
  return `${alias}: ${from} → ${to}`;
}

function samePlace(a: Place | undefined, b: Place): boolean {
  return (
    a !== undefined &&
    a.digest === b.digest &&
    a.applied === b.applied &&
    a.tag === b.tag &&
    a.previous === b.previous &&
    a.rolledBack === b.rolledBack
  );
}
