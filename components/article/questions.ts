import type { Problem } from "../problem/problem.ts";

/** What is asked about. */
interface Asked {
  readonly kind: string;
  readonly slug: string;
  readonly title: string;
  readonly customId?: string | undefined;
  /** The answer that is configured by now. */
  readonly confirmAbsent?: boolean | string | undefined;
}

/** An article that an earlier run was about to create, and of which nothing more is known. */
export function announcedProblem(article: Asked): Problem {
  const message = `"${article.title}" may have been sent to qBook for creation: an earlier run announced that, and was stopped or failed before it was done`;
  return ask(article, "announced-article", message, "Look on qBook whether it is there");
}

/** An article that was sent, and may or may not have been created. */
export function uncertainProblem(article: Asked): Problem {
  const message = `"${article.title}" was sent to qBook for creation, and what came of it is not known`;
  return ask(article, "uncertain-article", message, "Look on qBook whether it is there");
}

/** An article that was created, and that qBook does not know any more. */
export function goneProblem(article: Asked): Problem {
  const was = article.customId ? ` as ${article.customId}` : "";
  const message = `"${article.title}" was on qBook${was}, and is not there any more`;
  return ask(
    article,
    "article-gone",
    message,
    "Find out who removed it, and look whether it is there under another id",
  );
}

/** How a refused article is created where the engine may not remove it from the state. */
export function refusedWayOut({ kind, slug, confirmAbsent }: Asked): string {
  return `where it is protected, set lectern:articles to ${creating(`${kind}/${slug}`, confirmAbsent)}`;
}

/** The answer that has an article created: each counts once. */
const creating = (id: string, used: Asked["confirmAbsent"]) =>
  JSON.stringify({ [id]: { confirmAbsent: used ? "another word" : true } });

/** What a person can be asked about an article, and how the answer is given. */
function ask({ kind, slug, confirmAbsent }: Asked, code: string, message: string, look: string): Problem {
  const id = `${kind}/${slug}`;
  const adopt = JSON.stringify({ [id]: { customId: "…" } });
  const used = confirmAbsent
    ? ` (${JSON.stringify(confirmAbsent)} was for an earlier attempt; today's date makes a good word)`
    : "";
  return {
    code,
    severity: "error",
    path: `lectern:articles["${id}"]`,
    message,
    remedy: `${look}. If it is, adopt it: set lectern:articles to ${adopt} with its id. If it is not, have it created: ${creating(id, confirmAbsent)}${used}`,
  };
}
