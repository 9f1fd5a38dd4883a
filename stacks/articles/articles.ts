import * as pulumi from "@pulumi/pulumi";
import { type ArticleArgs, Blog, Course } from "../../components/article/article.ts";
import { type ArticleContents, readContents } from "../../components/article/contents.ts";
import { type ArticleEntry, type ArticleId, articlesIn, type Catalog, wholeOf } from "../catalog.ts";
import type { StackConfig } from "../config.ts";
import { type ArticleOutput, NEVER_PROCESSED, type OutputEntries } from "../outputs/outputs.ts";
import type { StackPolicy } from "../policy.ts";
import { type Gate, isHeld } from "../promotion/gate.ts";
import { gatedOptions, type Holds } from "../promotion/holds.ts";
import { checkDecisions } from "./article-decisions.ts";
import { type ArticleProofArgs, proveArticles } from "./article-proof.ts";
import { exchanges } from "./exchanged.ts";
import {
  forgottenArticles,
  forgottenOutputs,
  formerArticle,
  type LastOutputs,
  leaving,
} from "./forgotten.ts";
import { creationLimit, fromShallowStack } from "./registering.ts";

export interface ArticlesArgs {
  readonly catalog: Catalog;
  readonly config: StackConfig;
  readonly kernels: ArticleArgs["kernels"];
  readonly policy: StackPolicy;
  readonly holds: Holds;
  readonly before: LastOutputs;
  /** The kernels that the stack installs on gateways. */
  readonly installed: ArticleProofArgs["installed"];
}

type ArticleOutputs = Record<ArticleId, pulumi.Output<ArticleOutput | undefined>>;

/** Registers every article of the catalog. @returns the outputs, by article ID */
export async function deployArticles(
  args: ArticlesArgs,
): Promise<{ articles: ArticleOutputs; forgotten: ReturnType<typeof forgottenOutputs> }> {
  const { config, policy, before } = args;
  const entries = articlesIn(args.catalog);
  const ids = new Set<string>(entries.map(({ id }) => id));
  checkDecisions(
    config.articles,
    articlesIn(wholeOf(args.catalog)).map(({ id }) => id),
  );
  const contents = await contentsOf(entries);
  const forgotten = forgottenArticles(before, ids);
  warnOfChanges(contents, ids, before);
  const limit = creationLimit(config.parallelCreations);
  const articles: ArticleOutputs = {};
  const declared = (kernel: string) => Object.hasOwn(args.kernels ?? {}, kernel);
  const registers = (kernel: string) => [args.kernels?.[kernel] ?? []].flat().length > 0;
  const proof = { ...args, before: before.articles, declared, registers };
  const held = await proveArticles(contents.values(), proof);
  for (const { entry, contents: own } of contents.values()) {
    const gate = held.get(entry.id) ?? policy.article(entry.id, own);
    if (!args.holds.admits(entry.id, gate)) continue;
    const options = gatedOptions(gate, policy.protect);
    const former = before.articles.has(entry.id) ? undefined : formerArticle(entry, own, forgotten);
    const begin = () => fromShallowStack(() => register(entry, { contents: own, former }, options, args));
    const known = { id: entry.id, before: before.articles, kernels: kernelsOf(gate) };
    articles[entry.id] = mayCreate(entry.id, args)
      ? pulumi.output(limit(() => settled(begin(), known)))
      : publishedOf(await begin(), known);
  }
  return { articles, forgotten: forgottenOutputs(forgotten, articles) };
}

interface KnownEntry {
  readonly entry: ArticleEntry;
  readonly contents: ArticleContents;
}

async function contentsOf(entries: readonly ArticleEntry[]): Promise<Map<string, KnownEntry>> {
  const known = entries.map(async (entry) => {
    const contents = await readContents(entry.folder, entry.kind);
    return [entry.id, { entry, contents }] as const;
  });
  return new Map(await Promise.all(known));
}

/**
 * Whether an article may have to be created. Those are registered a few at a time: the engine saves an
 * announcement of each before it is sent, and what is announced when a run ends is asked about afterwards.
 */
function mayCreate(id: ArticleId, { config, before }: ArticlesArgs): boolean {
  if (pulumi.runtime.isDryRun()) return false;
  // One that was refused has no ID yet.
  return !before.articles.get(id)?.customId || config.articles[id]?.confirmAbsent !== undefined;
}

function register(
  { id, kind, name, folder }: ArticleEntry,
  own: Pick<ArticleArgs, "contents" | "former">,
  options: pulumi.ComponentResourceOptions,
  { config, kernels }: ArticlesArgs,
): Course | Blog {
  const { customId, confirmAbsent } = config.articles[id] ?? {};
  const { titlePrefix, visibility } = config;
  const Kind = kind === "course" ? Course : Blog;
  const args = { folder, ...own, kernels: kernels ?? {}, titlePrefix, visibility, customId, confirmAbsent };
  return new Kind(name, args, options);
}

/** The kernels of what is deployed now; undefined where that is what was deployed before. */
const kernelsOf = (gate: Gate<ArticleContents>) => (isHeld(gate) ? undefined : gate.use.kernels);

interface Known {
  readonly id: ArticleId;
  readonly before: OutputEntries<"articles">;
  readonly kernels: readonly string[] | undefined;
}

/** What readers find. Resolves when the engine is done with the article, well or not. */
function settled(registering: Promise<Course | Blog>, known: Known): Promise<ArticleOutput | undefined> {
  return new Promise((resolve, reject) => {
    registering.then((article) => publishedOf(article, known).apply(resolve), reject);
  });
}

/**
 * One that fails must not withhold the outputs of the others, nor lose its own: what is not in the outputs
 * counts as never deployed. One that was announced may be on qBook.
 */
function publishedOf(article: Course | Blog, { id, before, kernels }: Known) {
  const former = formerOutput(id, before);
  const attempted = pulumi.recover<ArticleOutput | undefined>(
    article.announced.apply(() => former ?? NEVER_PROCESSED),
    () => former,
  );
  const named = kernels ?? former?.kernels;
  const published = article.published.apply((one) =>
    named === undefined ? one : { ...one, kernels: named },
  );
  return pulumi.recover<ArticleOutput | undefined>(published, () => attempted);
}

/** What the last outputs say of an article; undefined where it has never been deployed. */
function formerOutput(id: ArticleId, before: OutputEntries<"articles">): ArticleOutput | undefined {
  return before.get(id) ?? (before.has(id) ? NEVER_PROCESSED : undefined);
}

/** What a preview has to show of a catalog that its articles can't know, each by itself. */
function warnOfChanges(
  contents: ReadonlyMap<string, KnownEntry>,
  ids: ReadonlySet<string>,
  before: LastOutputs,
): void {
  for (const [id, { title, customId, url }] of leaving(before, ids)) {
    const place = [customId, url].filter((part) => part !== "").join(", ");
    const stays = place ? `stays on qBook (${place})` : "may be on qBook";
    pulumi.log.warn(
      `${id}: "${title}" left the catalog and ${stays}, as the qBook API can't delete articles. This stack forgets it, but keeps its ID; delete it on qBook if it is no longer needed.`,
    );
  }
  const fingerprints = new Map([...contents].map(([id, known]) => [id, known.contents]));
  for (const { id, from } of exchanges(fingerprints, before.articles)) {
    pulumi.log.warn(
      `${id} gets the content that ${from} had. Links to it will show that content: an article keeps its address while its folder keeps its name.`,
    );
  }
}
