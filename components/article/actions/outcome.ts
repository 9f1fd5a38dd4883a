import { formatProblem } from "../../problem/problem.ts";
import type { ArticlesApi } from "../../qbook/articles-api.ts";
import type { ProviderContext } from "../../resource/context/context.ts";
import { PartialFailure } from "../../resource/provider.ts";
import {
  type ArticleInputs,
  type ArticleProgress,
  articleId,
  type SavedArticle,
} from "../article-contract.ts";
import { goneProblem } from "../creation/questions.ts";

/** What the actions on one article work with. */
export interface Submission {
  readonly wanted: ArticleInputs;
  readonly context: ProviderContext;
  readonly api: ArticlesApi;
}

/** A failure that keeps what is known of the article. */
export function partial(
  submission: Submission,
  progress: ArticleProgress,
  ...reasons: string[]
): PartialFailure {
  return new PartialFailure(articleId(submission.wanted), savedAs(submission.wanted, progress), reasons);
}

export const savedAs = ({ kind, slug, title }: ArticleInputs, progress: ArticleProgress): SavedArticle => ({
  kind,
  slug,
  title,
  ...progress,
});

/** An article that qBook no longer has. Its address stays known, for whoever looks for it. */
export function gone(submission: Submission, { customId, url, applied }: Gone): PartialFailure {
  const { wanted, context } = submission;
  const problem = goneProblem({ ...wanted, customId, url }, context);
  return partial(submission, { state: "gone", customId, url, applied }, formatProblem(problem));
}

type Gone = Pick<ArticleProgress, "url" | "applied"> & { readonly customId: string };

export const reason = (error: unknown) => (error instanceof Error ? error.message : String(error));
