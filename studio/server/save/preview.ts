import type { Problem } from "../../../components/problem/problem.ts";
import type { Preview } from "../../api/save.ts";
import { unifiedDifference } from "./change/unified.ts";
import { type Asked, assess, type Proposal, proposalOf } from "./proposal.ts";

/** What proposing a draft would do. It changes nothing. */
export async function previewOf(asked: Asked): Promise<Preview> {
  const proposal = await proposalOf(asked);
  const { target, branch, title, files, conflicts } = proposal;
  const isReady = files.length > 0 && conflicts.length === 0;
  const { problems, plan, review } = isReady ? await assess(proposal, asked.person) : { problems: [] };
  return {
    target: target.branch,
    branch,
    title,
    files: files.map(({ path, before, after }) => ({
      path,
      isNew: before === undefined,
      difference: unifiedDifference(before ?? "", after),
    })),
    conflicts: [...conflicts],
    problems: [...(target.stale === undefined ? [] : [notFetched(target.branch, target.stale)]), ...problems],
    plan,
    review,
    opens: opens(proposal),
  };
}

/** What others have merged since is not known then. */
const notFetched = (branch: string, reason: string): Problem => ({
  code: "not-fetched",
  severity: "warning",
  message: `origin's branch ${branch} is shown as it was last fetched: ${reason}`,
  remedy: "Check the network and `git remote --verbose`",
});

function opens({ target, forge }: Proposal): Preview["opens"] {
  if (target.remote === undefined) return "branch";
  return forge ? "pull-request" : "push";
}
