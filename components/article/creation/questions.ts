import type { Problem } from "../../problem/problem.ts";
import { qbookConfig } from "../../qbook/config.ts";
import type { ProviderContext } from "../../resource/context/context.ts";
import type { FormerArticle } from "../article-contract.ts";

/** What is asked about. */
interface Asked {
  readonly kind: string;
  readonly slug: string;
  readonly title: string;
  readonly customId?: string | undefined;
  /** Where readers found it. */
  readonly url?: string | undefined;
  /** The answer that is configured by now. */
  readonly confirmAbsent?: boolean | string | undefined;
  /** An article of this stack that left the catalog. */
  readonly former?: FormerArticle | undefined;
}

/** An article that an earlier run was about to create; nothing more is known of it. */
export function announcedProblem(article: Asked, context: ProviderContext): Problem {
  const message = `"${article.title}" may have been sent to qBook for creation: an earlier run announced it, and stopped or failed before it was done`;
  return ask(article, "announced-article", message, `Check on ${site(context)} whether it exists`);
}

/** An article that was sent, and may or may not have been created. */
export function uncertainProblem(article: Asked, context: ProviderContext): Problem {
  const message = `"${article.title}" was sent to qBook for creation, and the result is unknown`;
  return ask(article, "uncertain-article", message, `Check on ${site(context)} whether it exists`);
}

/** An article that was created, and that qBook no longer knows. */
export function goneProblem(article: Asked, context: ProviderContext): Problem {
  const place = [article.customId, article.url].filter((part) => part).join(", ");
  const was = place && ` as ${place}`;
  const message = `"${article.title}" was on qBook${was}, and no longer is`;
  return ask(
    article,
    "article-gone",
    message,
    `Find out who removed it, and check on ${site(context)} whether it exists under another ID`,
  );
}

/** A new article that looks like one which this stack has forgotten, and which is still on qBook. */
export function forgottenProblem(article: Asked & { readonly former: FormerArticle }): Problem {
  const { kind, slug, title, former, confirmAbsent } = article;
  const id = `${kind}/${slug}`;
  const place = [former.customId, former.url].filter((part) => part !== "").join(", ");
  const stays = place ? `is still on qBook (${place})` : "may be on qBook";
  const was =
    former.id === id
      ? `this stack has deployed it before, and it ${stays}`
      : `it looks like ${former.id}, "${former.title}", which left the catalog and ${stays}`;
  const isOtherKind = !former.id.startsWith(`${kind}/`);
  const adopt = isOtherKind
    ? `qBook can't turn a ${former.id.split("/")[0]} into a ${kind}`
    : `To update that one, set lectern:articles to ${answer(id, { customId: former.customId || "…" })}${former.customId ? "" : " with its ID"}`;
  return {
    code: "forgotten-article",
    severity: "error",
    path: pathOf(id),
    message: `"${title}" is not created: ${was}`,
    remedy: `${adopt}. To create a second article beside it: ${creating(id, confirmAbsent)}${usedUp(confirmAbsent)}`,
  };
}

/** How a refused article is created where the engine may not remove it from the state. */
export function refusedWayOut({ kind, slug, confirmAbsent }: Asked): string {
  return `where it is protected, set lectern:articles to ${creating(`${kind}/${slug}`, confirmAbsent)}`;
}

/** The answer that has an article created: each counts once. */
const creating = (id: string, used: Asked["confirmAbsent"]) =>
  answer(id, { confirmAbsent: used ? "another value" : true });

const answer = (id: string, decision: object) => JSON.stringify({ [id]: decision });

const usedUp = (confirmAbsent: Asked["confirmAbsent"]) =>
  confirmAbsent
    ? ` (${JSON.stringify(confirmAbsent)} was for an earlier attempt; use another value, such as today's date)`
    : "";

/** qBook, with its address where it is configured. */
function site(context: ProviderContext): string {
  const { siteUrl } = context.config({ siteUrl: qbookConfig.siteUrl });
  return siteUrl === undefined ? "qBook" : `qBook (${siteUrl})`;
}

const pathOf = (id: string) => `lectern:articles["${id}"]`;

/** What a person can be asked about an article, and how the answer is given. */
function ask({ kind, slug, confirmAbsent }: Asked, code: string, message: string, look: string): Problem {
  const id = `${kind}/${slug}`;
  return {
    code,
    severity: "error",
    path: pathOf(id),
    message,
    remedy: `${look}. If it does, adopt it: set lectern:articles to ${answer(id, { customId: "…" })} with its ID. If it does not, have it created: ${creating(id, confirmAbsent)}${usedUp(confirmAbsent)}`,
  };
}
