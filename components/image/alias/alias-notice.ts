import type { Digest, Repository } from "../reference.ts";
import type { RegistryClient } from "../registry/registry-client.ts";
import { compareTags, isImmutable } from "../tags/tag.ts";
import { parseTag } from "../tags/tag-grammar.ts";
import { describeImage, type Move, nameIn, type Places, planLine, type Wish } from "./alias-plan.ts";

/** How many tags are looked at for the name of an image that the state doesn't know. */
const CANDIDATES = 20;

/**
 * Says what would be moved, one line for all repositories that agree; and whose change it undoes,
 * where somebody else has moved the alias.
 */
export async function sayPlan(
  client: RegistryClient,
  wish: Wish,
  moves: readonly Move[],
  known: Places,
  say: (line: string) => void,
): Promise<void> {
  const lines = new Map<string, Repository[]>();
  for (const move of moves) {
    if (move.from === move.to) continue;
    const place = known[move.repository];
    const tag = nameIn(place, move.from) ?? (await nameOf(client, move.repository, move.from));
    const line = planLine(wish.alias, describeImage(tag, move.from), describeImage(move.after.tag, move.to));
    lines.set(line, [...(lines.get(line) ?? []), move.repository]);
    if (place && place.applied !== move.from) {
      say(`${move.repository}:${wish.alias} was moved by somebody else since the last deployment`);
    }
  }
  for (const [line, repositories] of lines) say(`${line} in ${repositories.join(", ")}`);
  if (wish.rollback) {
    say(`${wish.alias} is rolled back: it moves on to ${wish.target} once \`rollback\` is taken away`);
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
    const tags = (await client.listTags(repository)).map(parseTag).filter(isImmutable).sort(compareTags);
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
