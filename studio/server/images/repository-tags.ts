import pLimit from "p-limit";
import type { Digest } from "../../../components/digest.ts";
import { parseRepository } from "../../../components/image/reference.ts";
import type { ImageEntry } from "../../../components/image/selection/images-file.ts";
import { fixedBy, shownName } from "../../../components/image/tags/immutable-forms.ts";
import { compareTags, type UnnamedTag } from "../../../components/image/tags/tag.ts";
import { parseAlias, parseTag, resolveAlias, scanTag } from "../../../components/image/tags/tag-grammar.ts";
import type { Problem } from "../../../components/problem/problem.ts";
import type { RepositoryTag, RepositoryTags } from "../../api/tags.ts";
import { caught } from "../caught.ts";
import type { Selections } from "./selections.ts";

/** How many tags a list shows: each costs requests, which registries count. */
const SHOWN = 24;
/** Images that are asked for at once. */
const PARALLEL = 6;

/** The tags of an entry's repository that have the words of a search, with what each names now and since when. */
export async function repositoryTags(
  entry: ImageEntry,
  find: string,
  selections: Selections,
): Promise<RepositoryTags> {
  const problems: Problem[] = [];
  const repository = parseRepository(entry.repository);
  const all = (await caught(selections.tags(repository), problems)) ?? [];
  const matching = all.filter((text) => has(find, text, entry)).map(scanTag);
  const tags = shownOf(matching, find === "" ? namedBy(entry) : new Set());
  const images = await pLimit(PARALLEL).map(tags, async ({ text }): Promise<Known[]> => {
    const digest = await caught(selections.digest(repository, text), problems);
    if (digest === undefined) return [];
    const facts = await caught(selections.facts(repository, digest), problems);
    return [{ tag: text, digest, created: facts?.created }];
  });
  return {
    repository: entry.repository,
    tags: withNames(images.flat(), entry),
    found: matching.length,
    problems: unlike(problems),
  };
}

interface Known {
  readonly tag: string;
  readonly digest: Digest;
  readonly created: number | undefined;
}

/** Whether a tag has each word of a search, in its text or its name. */
function has(find: string, text: string, { policy }: ImageEntry): boolean {
  const words = find.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const within = `${text} ${shownName(text, fixedBy(policy.immutable))}`.toLowerCase();
  return words.every((word) => within.includes(word));
}

/** What the entry itself names, which is shown however old it is. */
const namedBy = ({ alias, policy }: ImageEntry): ReadonlySet<string> =>
  new Set([alias ?? [], policy.recommended ?? [], policy.pin].flat());

/** The newest of each kind alike, as many as are shown, in the menu's order. */
function shownOf(tags: readonly UnnamedTag[], first: ReadonlySet<string>): UnnamedTag[] {
  const counts = new Map<string, number>();
  const ranked = [...tags].sort(compareTags).map((tag) => {
    const rank = counts.get(tag.kind) ?? 0;
    counts.set(tag.kind, rank + 1);
    return { tag, rank: first.has(tag.text) ? -1 : rank };
  });
  const shown = ranked.sort((one, other) => one.rank - other.rank).slice(0, SHOWN);
  return shown.map(({ tag }) => tag).sort(compareTags);
}

/** A moving tag is named by what it stands for, where that is among them. */
function withNames(images: readonly Known[], { policy }: ImageEntry): RepositoryTag[] {
  const isFixed = fixedBy(policy.immutable);
  const fixed = images.filter(({ tag }) => isFixed(scanTag(tag)));
  const moving = images.filter((image) => !fixed.includes(image));
  const named = images.map(({ tag, digest, created }): RepositoryTag => {
    const isMoving = !isFixed(scanTag(tag));
    const target = isMoving ? fixed.find((one) => one.digest === digest)?.tag : undefined;
    const alias = target && resolveAlias(parseAlias(tag), parseTag(target)).name;
    return {
      tag,
      name: alias ?? shownName(tag, isFixed),
      isFixed: !isMoving,
      digest,
      ...(created === undefined ? {} : { created }),
      ...(target === undefined ? {} : { target: { tag: target, name: shownName(target, isFixed) } }),
      aliases: moving.filter((one) => one.digest === digest && one.tag !== tag).map((one) => one.tag),
    };
  });
  // What moves comes first, as in a menu.
  return [...named.filter((one) => !one.isFixed), ...named.filter((one) => one.isFixed)];
}

/** One registry refuses each request with the same words. */
function unlike(problems: readonly Problem[]): Omit<Problem, "file">[] {
  const byCode = new Map(problems.map((problem) => [problem.code, problem]));
  return [...byCode.values()].map(({ file: _file, ...problem }) => problem);
}
