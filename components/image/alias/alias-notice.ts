import type { Digest } from "../../digest.ts";
import type { Repository } from "../reference.ts";
import type { RegistryClient } from "../registry/registry-client.ts";
import { fixedBy } from "../tags/immutable-forms.ts";
import { compareTags } from "../tags/tag.ts";
import { parseTag } from "../tags/tag-grammar.ts";
import { type DesiredAlias, describeImage, type Move, nameIn, planLine } from "./alias-plan.ts";
import type { AliasRecords } from "./image-alias-contract.ts";

/** How many tags are looked at for the name of an image that the state doesn't know. */
const CANDIDATES = 20;

/**
 * Reports what would be moved, one line for all repositories that agree, and where that undoes a move
 * by somebody else.
 */
export async function reportPlan(
  client: RegistryClient,
  desired: DesiredAlias,
  moves: readonly Move[],
  known: AliasRecords,
  report: (message: string) => void,
): Promise<void> {
  const lines = new Map<string, Repository[]>();
  for (const move of moves) {
    if (move.from === move.to) continue;
    const record = known[move.repository];
    const tag = nameIn(record, move.from) ?? (await nameOf(client, move.repository, move.from));
    const line = planLine(
      desired.alias,
      describeImage(tag, move.from),
      describeImage(move.after.tag, move.to),
    );
    lines.set(line, [...(lines.get(line) ?? []), move.repository]);
    if (record && record.applied !== move.from) {
      report(`${move.repository}:${desired.alias} was moved by somebody else since the last deployment`);
    }
  }
  for (const [line, repositories] of lines) report(`${line} in ${repositories.join(", ")}`);
  if (desired.rollback) {
    report(`${desired.alias} is rolled back: it moves on to ${desired.target} once \`rollback\` is removed`);
  }
}

/** The newest tag of lasting form that names a digest; best effort, a few HEADs. */
export async function nameOf(
  client: RegistryClient,
  repository: Repository,
  digest: Digest | undefined,
): Promise<string | undefined> {
  if (digest === undefined) return undefined;
  try {
    const tags = (await client.listTags(repository)).map(parseTag).filter(fixedBy()).sort(compareTags);
    const found = await Promise.all(
      newestOfEachKind(tags).map(async ({ text }) => ({
        text,
        digest: await client.resolve(repository, text),
      })),
    );
    return found.find((tag) => tag.digest === digest)?.text;
  } catch {
    return undefined;
  }
}

/** A fair share for each kind: the alias is a weekly here and a release there. */
function newestOfEachKind(tags: readonly ReturnType<typeof parseTag>[]) {
  const kinds = [...new Set(tags.map(({ kind }) => kind))];
  const share = Math.ceil(CANDIDATES / Math.max(kinds.length, 1));
  return kinds.flatMap((kind) => tags.filter((tag) => tag.kind === kind).slice(0, share));
}
