import { LecternError } from "../../../components/problem/problem.ts";
import type { DeploymentPlan } from "../deployment-plan.ts";

/** How many jobs GitHub Actions lets a matrix have. */
const LIMIT = 256;

/**
 * The stacks to run, as the outputs of a job of GitHub Actions: a JSON list per environment, for `fromJSON`.
 * @throws {LecternError} where a matrix can't have as many jobs
 */
export function matrixOutputs({ stacks }: Pick<DeploymentPlan, "stacks">): string {
  const lines = (["staging", "prod"] as const).map((environment) => {
    const names = stacks[environment].map(({ stack }) => stack);
    if (names.length > LIMIT) throw new LecternError(tooMany(environment, names.length));
    return `${environment}=${JSON.stringify(names)}`;
  });
  return `${lines.join("\n")}\n`;
}

const tooMany = (environment: string, count: number) => ({
  code: "matrix-limit",
  severity: "error" as const,
  path: "--matrix",
  message: `${count} stacks of ${environment} are to be deployed, and a matrix of GitHub Actions has at most ${LIMIT} jobs`,
  remedy: `Deploy them in one job with \`lectern deploy --environment ${environment} --jobs 8\`, or let a stack have several clusters`,
});
