import { readFile } from "node:fs/promises";
import { LecternError, type Problem } from "../../components/problem/problem.ts";
import { zodProblems } from "../../components/problem/zod.ts";
import { type DeploymentPlan, deploymentPlanSchema } from "../../plan/deployment/deployment-plan.ts";

/**
 * The plan of a change in a file, which may come from a job that ran somebody else's code.
 * @throws {LecternError} where the file can't be read, or is of another shape
 */
export async function readPlan(file: string): Promise<DeploymentPlan> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw noPlan(file, `the plan can't be read (${error.code})`);
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw noPlan(file, "the plan is not JSON");
  }
  const parsed = deploymentPlanSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new LecternError(
    zodProblems(parsed.error, { file }).map((one): Problem => ({ ...one, remedy: WRITE_IT })),
  );
}

const WRITE_IT = "Write it with `lectern plan --format json`";

const noPlan = (file: string, message: string) =>
  new LecternError({ code: "no-plan", severity: "error", file, message, remedy: WRITE_IT });
