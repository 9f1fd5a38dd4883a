import { z } from "zod";
import { jsonOf } from "../../../components/problem/json.ts";
import { LecternError } from "../../../components/problem/problem.ts";
import { zodProblems } from "../../../components/problem/zod.ts";

/** What a run of a workflow is about, as far as GitHub itself says so. */
export interface Subject {
  /** `owner/name`, where this workflow runs. */
  readonly repository: string;
  /** The branch that is deployed. */
  readonly branch: string;
  /** The commit that the pull request had. */
  readonly commit: string;
  /** Where it comes from: the repository and the branch of the run that ended, or the number that a maintainer gave. */
  readonly from: { readonly repository: string; readonly branch: string } | { readonly number: number };
  /** The run that has the artifact; unknown where a maintainer asked. */
  readonly run?: number;
}

const commit = z.string().regex(/^[0-9a-f]{40}$/);
const repository = z.object({ full_name: z.string(), default_branch: z.string() });

const runSchema = z.object({
  repository,
  workflow_run: z.object({
    id: z.int().positive(),
    head_sha: commit,
    head_branch: z.string(),
    head_repository: z.object({ full_name: z.string() }),
  }),
});

const askedSchema = z.object({
  repository,
  inputs: z.object({
    number: z.string().regex(/^[1-9]\d{0,9}$/, "Expected the number of a pull request"),
    commit: z
      .string()
      .trim()
      .regex(/^[0-9a-f]{40}$/, "Expected the whole ID of a commit, 40 hexadecimal digits"),
  }),
});

/**
 * What a run is about, from the event that started it: that of a workflow which ended (`workflow_run`), or a maintainer's
 * own (`workflow_dispatch`) with a number and a commit.
 * @throws {LecternError} where it is neither
 */
export function subjectOf(event: string, file: string): Subject {
  const document = jsonOf(event);
  const asked = z.object({ inputs: z.object({}) }).safeParse(document).success;
  const parsed = asked ? askedSchema.safeParse(document) : runSchema.safeParse(document);
  if (!parsed.success) throw new LecternError(zodProblems(parsed.error, { file }));
  const { repository: where } = parsed.data;
  const place = { repository: where.full_name, branch: where.default_branch };
  if ("inputs" in parsed.data) {
    const { number, commit: wanted } = parsed.data.inputs;
    return { ...place, commit: wanted, from: { number: Number(number) } };
  }
  const { id, head_sha, head_branch, head_repository } = parsed.data.workflow_run;
  return {
    ...place,
    commit: head_sha,
    from: { repository: head_repository.full_name, branch: head_branch },
    run: id,
  };
}
