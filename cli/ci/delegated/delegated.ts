import { readFile } from "node:fs/promises";
import { LecternError } from "../../../components/problem/problem.ts";
import { systemClock } from "../../../components/resource/context/clock.ts";
import { delegate } from "../../delegate/delegate.ts";
import { repositoryRoot } from "../../plan/changed/repository.ts";
import { setOutputs } from "../job-output.ts";
import { type ActionsApi, actionsApi } from "../pull-request/actions-api.ts";
import { subjectOf } from "../pull-request/event.ts";
import { findPull } from "../pull-request/find.ts";
import { fetchPull } from "../workspace/fetch-pull.ts";
import { gitIn } from "../workspace/git.ts";
import { authorsOf } from "./authors.ts";

export interface DelegatedOptions {
  readonly event: string;
  readonly catalog: string;
}

/** The workflows that have to have passed for the very commit. */
const REQUIRED = ["check", "plan"];

/**
 * `lectern ci delegated`: whether the pull request that a run is about may be merged by itself: it has passed the check and has a
 * plan, and its authors may decide the whole change.
 * @param folder the checkout of the base
 * @returns the exit code: 0 also where it may not, which the output `merge` says
 */
export async function decideDelegated(
  folder: string,
  { event, catalog }: DelegatedOptions,
  network = { fetch, clock: systemClock },
): Promise<0 | 1> {
  try {
    const subject = subjectOf(await readFile(event, "utf8"), event);
    const api = actionsApi(network, process.env);
    const found = await findPull(api, subject);
    if ("none" in found) return await answer(`${found.none}`);
    const { pull } = found;
    if (pull.draft) return await answer("it is a draft");
    const waiting = await notPassed(api, subject.repository, subject.commit, pull.head.repo?.full_name);
    if (waiting.length > 0) return await answer(`${waiting.join(" and ")} has not passed for this commit`);
    const authors = await authorsOf(api, subject.repository, pull);
    if ("unknown" in authors) return await answer(authors.unknown);
    const root = repositoryRoot(folder) ?? folder;
    const head = await fetchPull(gitIn(root), pull.number);
    if (head !== subject.commit) return await answer("it has another commit by now");
    const code = await delegate(folder, { base: "HEAD", head, author: authors.logins, catalog });
    if (code === 1) return 1;
    if (code === 3) return await answer("somebody else has to review it");
    await setOutputs({ merge: "true", number: String(pull.number), commit: head });
    process.stdout.write(`Pull request ${pull.number} goes through by itself.\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    process.stderr.write(`error: ${error.message}\n`);
    return 1;
  }
}

async function answer(why: string): Promise<0> {
  await setOutputs({ merge: "false" });
  process.stdout.write(`Not merged by itself: ${why}.\n`);
  return 0;
}

/** The required workflows whose newest run for a commit has not ended in success. */
async function notPassed(
  api: ActionsApi,
  repository: string,
  commit: string,
  from: string | undefined,
): Promise<string[]> {
  const runs = (await api.runs(repository, commit)).filter((run) => run.head_repository?.full_name === from);
  return REQUIRED.filter((name) => {
    const newest = runs.find(({ path }) => path === `.github/workflows/${name}.yml`);
    return newest?.conclusion !== "success";
  });
}
