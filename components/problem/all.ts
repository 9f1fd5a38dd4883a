import { LecternError } from "./problem.ts";

/**
 * Waits for all, whatever fails meanwhile.
 * @throws {LecternError} with the problems of all that failed, in their order; a bug comes first, as it is
 */
export async function allOf<T extends readonly unknown[]>(
  work: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  const settled = await Promise.allSettled(work);
  const reasons = settled.flatMap((one) => (one.status === "rejected" ? [one.reason as unknown] : []));
  const bug = reasons.find((reason) => !(reason instanceof LecternError));
  if (bug !== undefined) throw bug;
  const problems = reasons.flatMap((reason) => (reason instanceof LecternError ? reason.problems : []));
  // What was read once for several is wrong once.
  if (problems.length > 0) throw new LecternError([...new Set(problems)]);
  return Promise.all(work);
}
