import type { ApiProblem } from "../../../../api/problem.ts";
import type { FieldPath } from "./fields.ts";

/** Problems by the index of the profile that they are of; those of the file as a whole are under -1. */
export type ProblemsByRow = ReadonlyMap<number, readonly ApiProblem[]>;

/** The problems of a file, by profile. */
export function byRow(problems: readonly ApiProblem[], file: string): ProblemsByRow {
  const found = new Map<number, ApiProblem[]>();
  for (const problem of problems) {
    if (problem.file !== file) continue;
    const index = Number(stepsOf(problem.path)[0] ?? -1);
    const row = Number.isInteger(index) ? index : -1;
    found.set(row, [...(found.get(row) ?? []), problem]);
  }
  return found;
}

/** Of a profile's problems, those at a field or below it. */
export function atField(problems: readonly ApiProblem[], field: FieldPath): ApiProblem[] {
  return problems.filter(({ path }) => {
    const [, ...steps] = stepsOf(path);
    return field.every((step, index) => steps[index] === String(step));
  });
}

/** Of a profile's problems, those that are at none of the fields. */
export function elsewhere(problems: readonly ApiProblem[], fields: readonly FieldPath[]): ApiProblem[] {
  const shown = new Set(fields.flatMap((field) => atField(problems, field)));
  return problems.filter((problem) => !shown.has(problem));
}

/** `[1].profile_options["a.b"].choices` as steps, without the `profiles` that a file may begin with. */
function stepsOf(path = ""): string[] {
  const steps = [...path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(
    ([, quoted, index, name]) => quoted ?? index ?? name ?? "",
  );
  return steps[0] === "profiles" ? steps.slice(1) : steps;
}
