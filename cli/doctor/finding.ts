import { LecternError } from "../../components/problem/problem.ts";

/** What one check of `lectern doctor` found. */
export interface Finding {
  readonly state: "passed" | "failed" | "skipped";
  /** What was checked, and for a failure what is wrong; one sentence without a full stop. */
  readonly message: string;
  /** For a failure: the command that fixes it, or what to do. For a skipped check: what it waits for. */
  readonly fix?: string;
}

export const passed = (message: string): Finding => ({ state: "passed", message });
export const failed = (message: string, fix: string): Finding => ({ state: "failed", message, fix });
export const skipped = (message: string, fix: string): Finding => ({ state: "skipped", message, fix });

/**
 * What an attempt came to: the message where it succeeds, else each problem with its remedy.
 * @param fixOf a better fix than the problem's own remedy, where there is one
 */
export async function attempt(
  message: string,
  act: () => Promise<unknown>,
  fixOf: (error: LecternError) => string | undefined = () => undefined,
): Promise<Finding[]> {
  try {
    await act();
    return [passed(message)];
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    return error.problems.map(({ message: what, remedy, path }) =>
      failed(path === undefined ? what : `${path}: ${what}`, fixOf(error) ?? remedy),
    );
  }
}
