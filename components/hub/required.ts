import type { Problem } from "../problem/problem.ts";

/** Says of a field that is missing that it is `required`, the one word that says all. */
export function withRequired(problems: readonly Problem[]): Problem[] {
  return problems.map((problem) =>
    problem.code === "missing-field" ? { ...problem, message: "required" } : problem,
  );
}
