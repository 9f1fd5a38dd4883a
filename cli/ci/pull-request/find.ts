import type { ActionsApi, PullRequest } from "./actions-api.ts";
import type { Subject } from "./event.ts";

/** The pull request that a run is about, or why there is none to comment on. */
export type Found = { readonly pull: PullRequest } | { readonly none: string };

/**
 * Finds the pull request by what GitHub itself says of the run: the repository, the branch and the commit that it came from.
 * What the run has left, such as a number in its artifact, has no part in it.
 */
export async function findPull(api: ActionsApi, subject: Subject): Promise<Found> {
  const { repository, branch, commit, from } = subject;
  const pulls = "number" in from ? await asked(api, repository, from.number) : await cameFrom(api, subject);
  const open = pulls.filter(
    ({ state, base }) => state === "open" && base.ref === branch && base.repo.full_name === repository,
  );
  const pull = open.find(({ head }) => head.sha === commit);
  if (pull) return { pull };
  return {
    none:
      open.length > 0
        ? `the pull request has another commit than ${commit.slice(0, 12)} by now`
        : `no open pull request to ${branch} has the commit ${commit.slice(0, 12)}`,
  };
}

async function asked(api: ActionsApi, repository: string, number: number): Promise<PullRequest[]> {
  const pull = await api.pull(repository, number);
  return pull ? [pull] : [];
}

async function cameFrom(api: ActionsApi, { repository, from }: Subject): Promise<PullRequest[]> {
  if ("number" in from) return [];
  const [owner = ""] = from.repository.split("/");
  const pulls = await api.pullsFrom(repository, owner, from.branch);
  // An owner can have several forks.
  return pulls.filter(({ head }) => head.repo?.full_name === from.repository);
}

/** The run of the workflow `plan` that belongs to a commit. */
export async function planRun(
  api: ActionsApi,
  subject: Subject,
  pull: PullRequest,
): Promise<number | undefined> {
  if (subject.run !== undefined) return subject.run;
  const runs = await api.runs(subject.repository, subject.commit);
  const own = runs.filter(({ head_repository: head }) => head?.full_name === pull.head.repo?.full_name);
  return own.find(({ path }) => path === ".github/workflows/plan.yml")?.id;
}
