import type { State } from "../../resource/contract.ts";
import type { Repository } from "../reference.ts";
import type { Outcome } from "./alias-move.ts";
import { type Move, nameIn } from "./alias-plan.ts";
import type { AliasRecord, AliasRecords, imageAliasContract } from "./image-alias-contract.ts";

/** What the state says of a repository once its move has ended. */
export const recordAfter = ({ move, error }: Outcome, known: AliasRecords): [Repository, AliasRecord][] =>
  error ? recordBefore(move, known) : [[move.repository, move.after]];

/** Where nothing is written, the record stays what it was before: the next run looks up what is there now. */
export function recordBefore({ repository, from }: Move, known: AliasRecords): [Repository, AliasRecord][] {
  const before = known[repository];
  if (before) return [[repository, before]];
  return from === undefined
    ? []
    : [[repository, { digest: from, applied: from, tag: "", rolledBack: false }]];
}

/** What other resources and people read: the first repository represents all. */
export function summary(places: AliasRecords) {
  const [first] = Object.entries(places);
  const [repository, record] = first ?? ["", undefined];
  const { digest: now, previous } = record ?? {};
  return {
    places,
    tag: nameIn(record, now) ?? "",
    goesBackTo: goesBackTo(record),
    digest: now ?? "",
    image: now === undefined ? "" : `${repository}@${now}`,
    previous: previous ?? "",
  };
}

/** What a rollback names: the image before, or, where it is done, the one that is there. */
function goesBackTo(record: AliasRecord | undefined): State<typeof imageAliasContract>["goesBackTo"] {
  if (record?.rolledBack) return { tag: record.tag, digest: record.applied };
  return { tag: record?.previousTag ?? "", digest: record?.previous ?? "" };
}
