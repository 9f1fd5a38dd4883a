import * as pulumi from "@pulumi/pulumi";
import { type ArticleArgs, Blog, Course } from "../../components/article/article.ts";
import { readContents } from "../../components/article/contents.ts";
import { type ArticleId, articlesIn, type Catalog } from "../catalog.ts";
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
  const outputs: ArticleOutputs = {};
  for (const { id, kind, name, folder } of entries) {
    const contents = await readContents(folder, kind);
    const gate = policy.article(id, contents);
    if (!args.holds.admits(id, gate)) continue;
    const Kind = kind === "course" ? Course : Blog;
    const article = new Kind(
      name,
      {
        folder,
        contents,
        kernels: args.kernels ?? {},
        titlePrefix: config.titlePrefix,
        visibility: config.visibility,
        customId: config.articles[id]?.customId,
        confirmAbsent: config.articles[id]?.confirmAbsent,
      },
      gatedOptions(gate, policy.protect),
    );
    // One that fails must not withhold the outputs of the others, nor lose its own: what is not in the
    // outputs counts as never deployed.
    outputs[id] = pulumi.recover(article.published, () => formerOutput(id, args.before));
  }
  return outputs;
}

/** What the last outputs say of an article; undefined where it has never been deployed. */
function formerOutput(id: ArticleId, before: OutputEntries<"articles">): ArticleOutput | undefined {
  return before.get(id) ?? (before.has(id) ? NEVER_PROCESSED : undefined);
}
