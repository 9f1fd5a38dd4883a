import pLimit from "p-limit";
import type { Digest } from "../../digest.ts";
import type { Repository } from "../reference.ts";
import { imageTags } from "../tags/image-tags.ts";
import type { TagKind, UnnamedTag } from "../tags/tag.ts";
import type { ImagePolicy } from "./policy.ts";
import { type Selection, select, targetsFound } from "./selection.ts";
import { type Wanted, wanted } from "./selection-wanted.ts";

/** What a selection asks of a registry. */
export interface TagSource {
  listTags(repository: Repository): Promise<string[]>;
  /** Undefined where there is no such tag. */
  resolve(repository: Repository, tag: string): Promise<Digest | undefined>;
}

/**
 * How many tags are asked for their digest, at the most, to name pinned aliases alone: a pin may stand
 * for nothing that has a name, and would cost the whole search on each run.
 */
const SEARCHED_FOR_PINS = 24;

export interface LookUp {
  /** Requests at once. @default 8 */
  readonly parallel?: number;
  /** How many tags are asked for their digest, at the most, to find what is recommended. @default 400 */
  readonly searched?: number;
}

/**
 * Selects from a repository, asking for no more digests than needed: those of what is picked, and,
 * as long as an alias's target is not among them, those of the likeliest others, newest first: many
 * for the recommended alias, few for pins.
 * @param now milliseconds since the epoch, for `maximumAge`
 * @throws {LecternError} as the registry, `wanted` and `select` do
 */
export async function selectFromRegistry(
  source: TagSource,
  repository: Repository,
  policy: ImagePolicy,
  now: number,
  { parallel = 8, searched = 400 }: LookUp = {},
): Promise<Selection> {
  const want = wanted(imageTags(await source.listTags(repository)), policy, now);
  const limit = pLimit(parallel);
  const digests = new Map<string, string>();
  const resolve = async (texts: readonly string[]) => {
    const found = await limit.map(texts, (text) => source.resolve(repository, text));
    found.forEach((digest, index) => {
      const text = texts[index];
      if (digest !== undefined && text !== undefined) digests.set(text, digest);
    });
  };
  await resolve(want.tags.map((tag) => tag.text));
  const likely = searchOrder(want, digests).slice(0, searched);
  const recommended = { ...want, moving: want.moving.filter((tag) => tag.text === want.recommended) };
  for (let next = 0; next < likely.length; next += parallel) {
    if (targetsFound(next < SEARCHED_FOR_PINS ? want : recommended, digests)) break;
    await resolve(likely.slice(next, next + parallel));
  }
  return withSearchNotices(select(want, digests, policy), want, digests, likely.length);
}

/**
 * Each kind's newest, then each one's next, and so on: an alias stands for a recent tag of some kind.
 * Tags of every architecture first: what an alias stands for is rarely of one alone.
 */
function searchOrder(want: Wanted, known: ReadonlyMap<string, string>): string[] {
  const order = interleaved(want.candidates).filter((tag) => !known.has(tag.text));
  const general = order.filter((tag) => tag.arch === undefined);
  const single = order.filter((tag) => tag.arch !== undefined);
  return [...general, ...single].map((tag) => tag.text);
}

function interleaved(sorted: readonly UnnamedTag[]): UnnamedTag[] {
  const byKind = new Map<TagKind, UnnamedTag[]>();
  for (const tag of sorted) {
    const tags = byKind.get(tag.kind);
    if (tags === undefined) byKind.set(tag.kind, [tag]);
    else tags.push(tag);
  }
  const rows = [...byKind.values()];
  const longest = Math.max(0, ...rows.map((row) => row.length));
  return Array.from({ length: longest }, (_, rank) => rows.flatMap((row) => row[rank] ?? [])).flat();
}

function withSearchNotices(
  selection: Selection,
  want: Wanted,
  digests: ReadonlyMap<string, string>,
  searched: number,
): Selection {
  const { recommended } = want;
  const alias = want.moving.find((tag) => tag.text === recommended);
  if (alias === undefined || targetsFound({ ...want, moving: [alias] }, digests)) return selection;
  const notice = {
    code: "unnamed-alias",
    severity: "warning",
    path: "recommended",
    message: `${JSON.stringify(alias.text)} has the digest of none of the ${searched + want.tags.length} tags that were checked, so its name can't tell what it is`,
    remedy: "Give the image a tag whose name tells what it is, such as that of its weekly",
  } as const;
  return { ...selection, notices: [...selection.notices, notice] };
}
