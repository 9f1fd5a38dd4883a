import type { ActionsApi, PullRequest } from "../pull-request/actions-api.ts";

/** What GitHub itself commits as, where somebody edits a file on its pages. */
const WEB = "web-flow";

/** Everybody who has a part in a pull request, by their logins; or why that is not known. */
export type Authors = { readonly logins: readonly string[] } | { readonly unknown: string };

/** Who opened it, and who wrote and made each of its commits. */
export async function authorsOf(api: ActionsApi, repository: string, pull: PullRequest): Promise<Authors> {
  const commits = await api.commits(repository, pull.number);
  if (commits === undefined) return { unknown: "it has more commits than GitHub lists" };
  const logins = new Set(pull.user ? [pull.user.login] : []);
  for (const { sha, author, committer } of commits) {
    if (!author || !committer)
      return { unknown: `the commit ${sha.slice(0, 12)} is of nobody whom GitHub knows` };
    logins.add(author.login);
    if (committer.login !== WEB) logins.add(committer.login);
  }
  return logins.size > 0 ? { logins: [...logins] } : { unknown: "nobody has opened it" };
}
