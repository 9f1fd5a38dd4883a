import type { Problem } from "../../problem/problem.ts";

/** What is asked about. */
interface Asked {
  readonly kind: string;
  readonly slug: string;
  readonly title: string;
  readonly customId?: string | undefined;
  /** The answer that is configured by now. */
  readonly confirmAbsent?: boolean | string | undefined;
}

/** An article that an earlier run was about to create; nothing more is known of it. */
export function announcedProblem(article: Asked): Problem {
  const message = `"${article.title}" may have been sent to qBook for creation: an earlier run announced it, and stopped or failed before it was done`;
  return ask(article, "announced-article", message, "Check on qBook whether it exists");
}

/** An article that was sent, and may or may not have been created. */
export function uncertainProblem(article: Asked): Problem {
  const message = `"${article.title}" was sent to qBook for creation, and the result is unknown`;
  return ask(article, "uncertain-article", message, "Check on qBook whether it exists");
}

/** An article that was created, and that qBook no longer knows. */
export function goneProblem(article: Asked): Problem {
  const was = article.customId ? ` as ${article.customId}` : "";
  const message = `"${article.title}" was on qBook${was}, and no longer is`;
  return ask(
    article,
    "article-gone",
    message,
    "Find out who removed it, and check whether it exists under another ID",
  );
}

/** How a refused article is created where the engine may not remove it from the state. */
export function refusedWayOut({ kind, slug, confirmAbsent }: Asked): string {
  return `where it is protected, set lectern:articles to ${creating(`${kind}/${slug}`, confirmAbsent)}`;
}

/** The answer that has an article created: each counts once. */
const creating = (id: string, used: Asked["confirmAbsent"]) =>
  JSON.stringify({ [id]: { confirmAbsent: used ? "another value" : true } });

/** What a person can be asked about an article, and how the answer is given. */
function ask({ kind, slug, confirmAbsent }: Asked, code: string, message: string, look: string): Problem {
  const id = `${kind}/${slug}`;
  const adopt = JSON.stringify({ [id]: { customId: "…" } });
  const used = confirmAbsent
    ? ` (${JSON.stringify(confirmAbsent)} was for an earlier attempt; use another value, such as today's date)`
    : "";
  return {
    code,
    severity: "error",
    path: `lectern:articles["${id}"]`,
    message,
    remedy: `${look}. If it does, adopt it: set lectern:articles to ${adopt} with its ID. If it does not, have it created: ${creating(id, confirmAbsent)}${used}`,
  };
}
