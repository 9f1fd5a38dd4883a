import type { Problem } from "../../components/problem/problem.ts";

/** A request that is refused, with its HTTP status. */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly statusCode: number;
  readonly problems: readonly Problem[];

  constructor(statusCode: number, problems: RefusalProblem | readonly Problem[]) {
    const all = "code" in problems ? [{ severity: "error" as const, ...problems }] : problems;
    super(all.map(({ message }) => message).join("; "));
    this.statusCode = statusCode;
    this.problems = all;
  }
}

/** A problem of a request, which is always an error. */
type RefusalProblem = Omit<Problem, "severity">;
