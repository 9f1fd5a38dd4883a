import { type ArticleContents, readContents } from "../../components/article/contents.ts";
import { type ArticleId, articlesIn, type Catalog } from "../catalog.ts";
import type { OutputEntries } from "../outputs/outputs.ts";
import type { StackPolicy } from "../policy.ts";
import { isHeld } from "../promotion/gate.ts";

/** Which articles name a kernel: display name to IDs such as `course/bell-states`. */
export type NamedKernels = ReadonlyMap<string, readonly string[]>;

/** What a stack has deployed before. */
interface Deployed {
  readonly articles: OutputEntries<"articles">;
  readonly kernels: OutputEntries<"kernels">;
}

/** An article of the catalog, read. */
export interface ReadArticle {
  readonly id: ArticleId;
  readonly contents: ArticleContents;
}

/** Reads every article of a catalog. */
export function readArticles(catalog: Catalog): Promise<ReadArticle[]> {
  const all = articlesIn(catalog).map(async ({ id, folder, kind }) => ({
    id,
    contents: await readContents(folder, kind),
  }));
  return Promise.all(all);
}

/** The kernels that articles name. */
export function kernelsNamed(articles: readonly ReadArticle[]): NamedKernels {
  return byKernel(articles.map(({ id, contents }) => [id, contents.kernels]));
}

/**
 * The kernels that held articles use as they were deployed, whatever they name in the catalog by now. One whose kernels
 * an earlier version did not note may use any that was deployed.
 */
export function kernelsHeld(
  articles: readonly ReadArticle[],
  { article }: Pick<StackPolicy, "article">,
  before: Deployed,
): NamedKernels {
  const all = [...before.kernels.values()].flatMap((kernel) => kernel?.displayName || []);
  const held = articles.filter(({ id, contents }) => {
    const gate = article(id, contents);
    return isHeld(gate) && gate.deployed;
  });
  return byKernel(held.map(({ id }) => [id, before.articles.get(id)?.kernels ?? all]));
}

function byKernel(articles: readonly (readonly [id: string, kernels: readonly string[]])[]): NamedKernels {
  const named = new Map<string, string[]>();
  for (const [id, kernels] of articles) {
    for (const kernel of kernels) named.set(kernel, [...(named.get(kernel) ?? []), id]);
  }
  return named;
}
