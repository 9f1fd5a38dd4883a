import * as pulumi from "@pulumi/pulumi";
import { type ArticleArgs, Blog, Course } from "../../components/article/article.ts";
import { readContents } from "../../components/article/contents.ts";
import type { Catalog, Entry } from "../catalog.ts";
import type { StackConfig } from "../config.ts";
import { checkDecisions } from "./article-decisions.ts";

/** What a stack says of one article: deploy it, leave it exactly as it is, or not at all. */
export type Verdict =
  | { readonly deploy: true }
  | { readonly deploy: false; readonly why: string; readonly deployedBefore: boolean };

/** An article's identity in a stack: `course/<slug>` or `blog/<slug>`. */
export type ArticleId = `${"course" | "blog"}/${string}`;

export interface ArticlesArgs {
  readonly catalog: Catalog;
  readonly config: StackConfig;
  readonly kernels: ArticleArgs["kernels"];
  readonly gate?: (id: ArticleId, entry: Entry) => Promise<Verdict>;
  readonly protect?: boolean;
  /** What this stack said of its articles when it was last deployed. */
  readonly before?: Readonly<Record<string, ArticleOutput>>;
}

/** What a stack says of an article in its outputs. */
export interface ArticleOutput {
  readonly title: string;
  readonly url: string;
  readonly customId: string;
  /** The digest of what the platform has processed; empty where it has processed nothing yet. */
  readonly fingerprint: string;
}

/** Registers every article of the catalog. @returns the outputs, by article id */
export async function deployArticles(
  args: ArticlesArgs,
): Promise<Record<ArticleId, pulumi.Output<ArticleOutput | undefined>>> {
  const entries: [ArticleId, Entry, typeof Course | typeof Blog][] = [
    ...args.catalog.courses.map((entry): [ArticleId, Entry, typeof Course] => [
      `course/${entry.name}`,
      entry,
      Course,
    ]),
    ...args.catalog.blogs.map((entry): [ArticleId, Entry, typeof Blog] => [
      `blog/${entry.name}`,
      entry,
      Blog,
    ]),
  ];
  const ids = entries.map(([id]) => id);
  checkDecisions(args.config.articles ?? {}, ids);
  const outputs: Record<ArticleId, pulumi.Output<ArticleOutput | undefined>> = {};
  for (const [id, entry, Kind] of entries) {
    const verdict = (await args.gate?.(id, entry)) ?? { deploy: true };
    if (!verdict.deploy) pulumi.log.warn(`${id} is held: ${verdict.why}`);
    if (!verdict.deploy && !verdict.deployedBefore) continue;
    const decisions = args.config.articles?.[id];
    const article = new Kind(
      entry.name,
      {
        folder: entry.folder,
        contents: await readContents(entry.folder, id.startsWith("blog/") ? "blog" : "course"),
        kernels: args.kernels ?? {},
        titlePrefix: args.config.titlePrefix,
        visibility: args.config.visibility,
        customId: decisions?.customId,
        confirmAbsent: decisions?.confirmAbsent,
      },
      {
        ...(args.protect ? { protect: true } : {}),
        // Holds it exactly as it was: neither new content nor new settings reach it.
        ...(verdict.deploy ? {} : { ignoreChanges: ["*"] }),
      },
    );
    const { title, url, customId, processed } = article;
    const said = pulumi.all([url, customId, processed]).apply(([at, known, fingerprint]) => ({
      title,
      url: at,
      customId: known,
      fingerprint,
    }));
    // One that fails must not keep what the others have come to out of the outputs: what is not there
    // counts as never deployed.
    outputs[id] = pulumi.recover(said, () => args.before?.[id]);
  }
  return outputs;
}
