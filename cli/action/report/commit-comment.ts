import { systemClock } from "../../../components/resource/context/clock.ts";
import { githubAddress, githubCaller } from "../../comment/github/github-api.ts";
import type { Log } from "./log.ts";
import { type Result, summaryOf } from "./result.ts";

/** Comments on the commit. That it is not allowed to, or fails otherwise, takes nothing back: it is a warning. */
export async function commentOnCommit(
  result: Result,
  commit: string,
  environment: NodeJS.ProcessEnv,
  log: Log,
): Promise<void> {
  const { GITHUB_TOKEN: token, GITHUB_REPOSITORY: repository } = environment;
  if (!token || !repository) return;
  const url = `${githubAddress(environment)}/repos/${repository}/commits/${commit}/comments`;
  const body = { body: summaryOf(result, { notes: [], problems: [] }) };
  const call = githubCaller({ fetch, clock: systemClock }, token);
  try {
    const { status } = await call("POST", url, "the comment", { body, idempotent: false });
    if (status < 300) return;
    const remedy =
      status === 403 ? "; give the job `permissions: {contents: write}`, or set commit-comment to false" : "";
    log.warn(`GitHub refused the comment on the commit (${status})${remedy}`);
  } catch (error) {
    log.warn(`the comment on the commit got no answer (${error instanceof Error ? error.message : error})`);
  }
}
