import type { Problem } from "../problem/problem.ts";

/** What a person can be asked about an article, and how the answer is given. */
function ask(id: string, code: string, message: string, look: string): Problem {
  const adopt = JSON.stringify({ [id]: { customId: "…" } });
  const create = JSON.stringify({ [id]: { confirmAbsent: true } });
  return {
    code,
    severity: "error",
    path: `lectern:articles["${id}"]`,
    message,
    remedy: `${look} If it is there, adopt it: set lectern:articles to ${adopt} with its id. If it is not, have it created: ${create}. Where confirmAbsent is set already, it was for an earlier attempt: set it to another word, such as today's date`,
  };
}

/** An article that may or may not have been created. */
export function uncertainProblem(id: string, title: string): Problem {
  return ask(
    id,
    "uncertain-article",
    `an earlier run sent "${title}" to qBook for creation, and what came of it is not known`,
    "Look on qBook whether it is there.",
  );
}

/** An article that was created, and that qBook does not know any more. */
export function goneProblem(id: string, title: string, customId: string | undefined): Problem {
  return ask(
    id,
    "article-gone",
    `"${title}" was on qBook${customId ? ` as ${customId}` : ""}, and is not there any more`,
    "Find out who removed it.",
  );
}
