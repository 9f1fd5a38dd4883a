import { LecternError } from "../../../components/problem/problem.ts";
import { link } from "../../../plan/comment/text/inert.ts";
import { openOf, type StackDrift, summaryOf } from "../../../plan/drift/drift.ts";
import { driftIssue } from "../../../plan/drift/drift-markdown.ts";
import type { IssueTarget, WantedIssue } from "./keep-issue.ts";

/** What decides which issue is kept. */
interface IssueOptions {
  readonly repository?: string;
  readonly author?: string;
  readonly environment?: string;
  readonly only?: string;
}

/**
 * The issue of what is looked at: a run over a part of the stacks has an issue of its own, so that none closes
 * another's.
 * @throws {LecternError} where it is not known in which repository
 */
export function issueTarget({ repository = "", author, environment, only }: IssueOptions): IssueTarget {
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) throw noRepository();
  const part = [environment, only && `cluster ${only}`].filter(Boolean).join(" ");
  const marker = `<!-- lectern-drift${part === "" ? "" : ` ${part.replaceAll(/[^\w .-]+|-{2,}/g, "_")}`} -->`;
  return { repository, marker, ...(author === undefined ? {} : { author }) };
}

/** What the issue is to say. Only where every stack was looked at, and nothing differs, it is closed. */
export function wantedIssue(
  stacks: readonly StackDrift[],
  { marker }: Pick<IssueTarget, "marker">,
  run: string | undefined,
): WantedIssue {
  const differs = stacks.some(({ differences }) => openOf(differences).length > 0);
  const text = {
    title: `Drift: ${summaryOf(stacks)}`,
    body: driftIssue(stacks, { marker, run }),
  };
  if (differs) return { want: "open", ...text };
  if (stacks.some(({ state }) => state === "failed")) return { want: "update", ...text };
  const where = run === undefined ? "" : ` (${link("run", run)})`;
  return { want: "close", comment: `Everything is as it was deployed again${where}.` };
}

const noRepository = () =>
  new LecternError({
    code: "usage",
    severity: "error",
    path: "--repository",
    message: "it is not known where to open the issue",
    remedy: "Name the repository, as owner/name",
  });
