import * as pulumi from "@pulumi/pulumi";
import { type ArticleArgs, Blog, Course } from "../../components/article/article.ts";
import { type ArticleContents, readContents } from "../../components/article/contents.ts";
import { type ArticleEntry, type ArticleId, articlesIn, type Catalog } from "../catalog.ts";
import type { StackConfig } from "../config.ts";
import { type ArticleOutput, NEVER_PROCESSED, type OutputEntries } from "../outputs.ts";
import type { StackPolicy } from "../policy.ts";
import { gatedOptions, type Holds } from "../promotion/holds.ts";
import { checkDecisions } from "./article-decisions.ts";

export interface ArticlesArgs {
  readonly catalog: Catalog;
  readonly config: StackConfig;
  readonly kernels: ArticleArgs["kernels"];
  readonly policy: StackPolicy;
  readonly holds: Holds;
  /** The articles that this stack has deployed before, as its outputs say. */
  readonly before: OutputEntries<"articles">;
}

type ArticleOutputs = Record<ArticleId, pulumi.Output<ArticleOutput | undefined>>;

/** Registers every article of the catalog. @returns the outputs, by article ID */
export async function deployArticles(args: ArticlesArgs): Promise<ArticleOutputs> {
  const { config, policy } = args;
  const entries = articlesIn(args.catalog);
  checkDecisions(
    config.articles,
    entries.map(({ id }) => id),
  );
  const admitted: (() => void)[] = [];
  const outputs: ArticleOutputs = {};
  for (const entry of entries) {
    const contents = await readContents(entry.folder, entry.kind);
    const gate = policy.article(entry.id, contents);
    if (!args.holds.admits(entry.id, gate)) continue;
    admitted.push(() => {
      const article = register(entry, contents, gatedOptions(gate, policy.protect), args);
      // One that fails must not withhold the outputs of the others, nor lose its own: what is not in the
      // outputs counts as never deployed.
      outputs[entry.id] = pulumi.recover(article.published, () => formerOutput(entry.id, args.before));
    });
  }
  await fromShallowStack(() => {
    for (const register of admitted) register();
  });
  return outputs;
}

function register(
  { id, kind, name, folder }: ArticleEntry,
  contents: ArticleContents,
  options: pulumi.ComponentResourceOptions,
  { config, kernels }: ArticlesArgs,
): Course | Blog {
  const { customId, confirmAbsent } = config.articles[id] ?? {};
  const { titlePrefix, visibility } = config;
  const Kind = kind === "course" ? Course : Blog;
  const args = { folder, contents, kernels: kernels ?? {}, titlePrefix, visibility, customId, confirmAbsent };
  return new Kind(name, args, options);
}

/**
 * Runs `act` by itself. The SDK keeps the whole call stack of each registration in the state, with every caller
 * that awaits it: a third of an article's bytes.
 */
function fromShallowStack(act: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    setImmediate(() => {
      try {
        resolve(act());
      } catch (error) {
        reject(error);
      }
    });
  });
}

/** What the last outputs say of an article; undefined where it has never been deployed. */
function formerOutput(id: ArticleId, before: OutputEntries<"articles">): ArticleOutput | undefined {
  return before.get(id) ?? (before.has(id) ? NEVER_PROCESSED : undefined);
}
