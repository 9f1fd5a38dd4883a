import type { Problem } from "../../../problem/problem.ts";
import { readArticle } from "../read.ts";
import { type Files, notebook, writeArticle } from "./articles.ts";

export type Cell = Record<string, unknown>;

/** What is wrong with a course whose notebook has this content. */
export async function problemsOf(content: string | object, files: Files = {}): Promise<readonly Problem[]> {
  return (await readArticle(await writeArticle({ "one.ipynb": content, ...files }), "course")).problems;
}

/** The codes of what is wrong with a course whose notebook has these cells. */
export const codesOf = async (cells: Cell[], files: Files = {}) =>
  (await problemsOf(notebook(cells), files)).map(({ code }) => code);
