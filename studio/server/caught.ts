import { LecternError, type Problem } from "../../components/problem/problem.ts";

/** What a piece of work gives; its problems go to the list instead, so that the rest goes on. A bug is thrown. */
export async function caught<T>(work: Promise<T>, problems: Problem[]): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    problems.push(...error.problems);
    return undefined;
  }
}
