import { didYouMean } from "../../components/problem/nearest.ts";
import { LecternError, type Problem } from "../../components/problem/problem.ts";
import type { StackConfig } from "../config.ts";

type Decisions = NonNullable<StackConfig["articles"]>;

/**
 * Checks what a person decided about single articles: each names an article of the catalog,
 * and no two articles take over the same one on qBook.
 * @throws {LecternError} with every problem at once
 */
export function checkDecisions(decisions: Decisions, ids: readonly string[]): void {
  const problems = Object.keys(decisions).flatMap((id) => [
    ...unknownId(id, ids),
    ...adoptedTwice(id, decisions),
  ]);
  if (problems.length > 0) throw new LecternError(problems);
}

function unknownId(id: string, ids: readonly string[]): Problem[] {
  if (ids.includes(id)) return [];
  return [
    {
      code: "unknown-article",
      severity: "error",
      path: `lectern:articles.${id}`,
      message: `the catalog has no article ${JSON.stringify(id)}`,
      remedy: didYouMean(id, ids, "Name it course/<folder> or blog/<folder>, or remove the decision"),
    },
  ];
}

function adoptedTwice(id: string, decisions: Decisions): Problem[] {
  const customId = decisions[id]?.customId;
  if (customId === undefined) return [];
  const first = Object.keys(decisions).find((other) => decisions[other]?.customId === customId);
  if (first === id) return [];
  return [
    {
      code: "adopted-twice",
      severity: "error",
      path: `lectern:articles.${id}.customId`,
      message: `${JSON.stringify(customId)} is already the ID of ${first}: one article would overwrite the other`,
      remedy: "Check on qBook which article is which, and give each its own ID",
    },
  ];
}
