import { LecternError, type Problem } from "../../../components/problem/problem.ts";
import type { Proposed } from "../../api/save.ts";
import { Refused } from "../refused.ts";
import { writeBranch } from "./git/branch.ts";
import { pushBranch } from "./git/push.ts";
import { type Asked, type Assessment, assess, type Proposal, proposalOf } from "./proposal.ts";

/**
 * Puts a draft on a branch, and that on the server where there is one. The commit is there whatever fails after it; the
 * answer says so.
 * @throws {Refused | LecternError} where there is no commit
 */
export async function propose(asked: Asked): Promise<Proposed> {
  const proposal = await proposalOf({ ...asked, fetch: true });
  const { repository, target, branch, title, files, conflicts, texts } = proposal;
  if (conflicts.length > 0) throw inConflict(conflicts.map(({ file }) => file));
  if (files.length === 0) throw nothing(target.branch);
  const assessment = await assess(proposal, asked.person);
  const errors = assessment.problems.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw new Refused(422, assessment.problems);
  const { draft, person } = asked;
  const content = { parent: target.commit, files: texts, person, branch, draft: draft.id, title };
  const written = await writeBranch(repository.root, content);
  const base = { target: target.branch, branch, commit: written.commit };
  if (target.remote === undefined) return { ...base, isPushed: false, problems: [] };
  const refused = await pushBranch(repository.root, branch, written, proposal.forge?.credentials);
  if (refused) return { ...base, isPushed: false, problems: [refused] };
  return { ...base, isPushed: true, ...(await opened(proposal, assessment)) };
}

async function opened(
  { forge, branch, target, title, files }: Proposal,
  assessment: Assessment,
): Promise<Pick<Proposed, "pullRequest" | "problems">> {
  if (!forge) return { problems: [] };
  try {
    const body = bodyOf(
      files.map(({ path }) => path),
      assessment,
    );
    return { pullRequest: await forge.open({ branch, target: target.branch, title, body }), problems: [] };
  } catch (error) {
    if (error instanceof LecternError) return { problems: [...error.problems] };
    throw error;
  }
}

function bodyOf(paths: readonly string[], { review }: Assessment): string {
  const files = paths.map((path) => `- \`${path}\``).join("\n");
  const note =
    review?.needed === false ? "Its author may decide it: it is merged once its checks have passed." : "";
  return `Proposed with Lectern Studio.\n\n${files}\n${note === "" ? "" : `\n${note}\n`}`;
}

const inConflict = (files: readonly string[]) =>
  new Refused(
    409,
    [...new Set(files)].map(
      (file): Problem => ({
        code: "conflict",
        severity: "error",
        file,
        message: "somebody else has changed the same since",
        remedy: "Choose a version of each value that is in conflict",
      }),
    ),
  );

const nothing = (target: string) =>
  new Refused(409, {
    code: "nothing-to-propose",
    message: `the branch ${target} has these changes already`,
    remedy: "Discard them, and run `git pull` where the page shows older files",
  });
