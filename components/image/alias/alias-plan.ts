import type { Digest } from "../../digest.ts";
import { LecternError, type Problem } from "../../problem/problem.ts";
import { type Repository, shortDigest } from "../reference.ts";
import { shownName } from "../tags/immutable-forms.ts";
import type { AliasRecord, AliasRecords } from "./image-alias-contract.ts";

/** The alias as it is configured, validated. */
export interface DesiredAlias {
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
  /** The state of the repository when that is done. */
  readonly after: AliasRecord;
}

/**
 * What the alias must name in each repository, and what the state records of what it named.
 * @param now what the alias names now, by repository
 * @throws {LecternError} where a rollback has nowhere to go
 */
export function planMoves(
  desired: DesiredAlias,
  now: ReadonlyMap<Repository, Digest | undefined>,
  known: AliasRecords,
): Move[] {
  return desired.repositories.map((repository) => {
    const record = known[repository];
    const from = now.get(repository);
    const to = desired.rollback
      ? backTo(desired, repository, record)
      : { digest: desired.targetDigest, tag: desired.target };
    const after: AliasRecord = {
      digest: to.digest,
      applied: to.digest,
      tag: to.tag,
      ...previousOf(from, to.digest, record, desired.rollback),
      rolledBack: desired.rollback,
    };
    return { repository, from, to: to.digest, after };
  });
}

/** Whether anything differs: in a registry, or between a registry and the state. */
export function differs(moves: readonly Move[], known: AliasRecords): boolean {
  const removed = Object.keys(known).some((name) => moves.every(({ repository }) => repository !== name));
  return (
    removed || moves.some((move) => move.from !== move.to || !sameRecord(known[move.repository], move.after))
  );
}

/** Whether a move goes to another image than this stack applied last: one back to that undoes what somebody else did. */
export function isNew({ repository, from, to }: Move, known: AliasRecords): boolean {
  const record = known[repository];
  return record ? record.applied !== to : from !== to;
}

/** What brings an alias that is held back to what this stack applied, where somebody else has moved it since. */
export function movesBack(moves: readonly Move[], known: AliasRecords): Move[] {
  return moves.flatMap(({ repository, from }) => {
    const record = known[repository];
    if (!record || record.applied === from) return [];
    const to = record.applied;
    return [{ repository, from, to, after: { ...record, digest: to } }];
  });
}

/** A rollback happens once: while it is configured, the alias stays where the rollback moved it. */
function backTo(
  desired: DesiredAlias,
  repository: Repository,
  record: AliasRecord | undefined,
): { digest: Digest; tag: string } {
  if (record?.rolledBack) return { digest: record.applied, tag: record.tag };
  if (record?.previous) return { digest: record.previous, tag: record.previousTag ?? "" };
  throw new LecternError({
    code: "no-rollback",
    severity: "error",
    path: "rollback",
    message: `${desired.alias} of ${repository} can't go back: no earlier image of it is known`,
    remedy: "Remove `rollback`, and set `target` to the image that it should name",
  });
}

/** @param alias what can't go back, such as `recommended of ghcr.io/a/lab` */
export const goneImage = (alias: string, image: string): Problem => ({
  code: "no-rollback",
  severity: "error",
  path: "rollback",
  message: `${alias} can't go back to ${image}: the registry no longer has that image`,
  remedy: "Push it again, or remove `rollback` and recommend an image that exists",
});

type History = Pick<AliasRecord, "previous" | "previousTag" | "earlier">;

/** An image that the alias has named. */
type Former = NonNullable<AliasRecord["earlier"]>[number];

/** How many images before the last a state remembers: each rollback that is settled uses one. */
const REMEMBERED = 8;

/**
 * What the previous deployment applied, or, where there was none, what the registry had. A move by somebody
 * else is never recorded: nobody has reviewed it, so a rollback must not go there. Nor must a second one go
 * forward to what the first came from: once that is settled, what was there before both is next.
 */
function previousOf(
  from: Digest | undefined,
  to: Digest,
  record: AliasRecord | undefined,
  rollback: boolean,
): History {
  const before = record ? record.applied : from;
  const { earlier = [] } = record ?? {};
  const wasBefore = formerly(record?.previous, record?.previousTag);
  if (before === undefined || before === to)
    return record?.rolledBack && !rollback ? history(earlier) : history([...wasBefore, ...earlier]);
  const left = formerly(before, nameIn(record, before));
  // What is rolled back from, or what a rollback came from, was never before what is there now.
  if (rollback || record?.rolledBack) return history([...left, ...earlier]);
  return history([...left, ...[...wasBefore, ...earlier].filter(({ digest }) => digest !== to)]);
}

const formerly = (digest: Digest | undefined, tag: string | undefined): Former[] =>
  digest === undefined ? [] : [{ digest, ...(tag === undefined ? {} : { tag }) }];

function history([last, ...earlier]: readonly Former[]): History {
  if (last === undefined) return {};
  const kept = earlier.filter(({ digest }) => digest !== last.digest).slice(0, REMEMBERED);
  return {
    previous: last.digest,
    ...(last.tag === undefined ? {} : { previousTag: last.tag }),
    ...(kept.length === 0 ? {} : { earlier: kept }),
  };
}

/** The tag by which the state knows a digest. */
export function nameIn(record: AliasRecord | undefined, digest: Digest | undefined): string | undefined {
  if (!record || digest === undefined) return undefined;
  if (digest === record.applied) return record.tag || undefined;
  return digest === record.previous ? record.previousTag : undefined;
}

/** `Weekly 2022_40 (sha256:ab…)`; the digest alone where no tag is known. */
export function describeImage(tag: string | undefined, digest: Digest | undefined): string {
  if (digest === undefined) return "nothing";
  return tag ? `${shownName(tag)} (${shortDigest(digest)})` : shortDigest(digest);
}

/** `recommended: Weekly 2022_40 (sha256:ab…) → Weekly 2022_44 (sha256:cd…)`. */
export function planLine(alias: string, from: string, to: string): string {
  return `${alias}: ${from} → ${to}`;
}

function sameRecord(a: AliasRecord | undefined, b: AliasRecord): boolean {
  return (
    a !== undefined &&
    a.digest === b.digest &&
    a.applied === b.applied &&
    a.tag === b.tag &&
    a.previous === b.previous &&
    a.rolledBack === b.rolledBack
  );
}
