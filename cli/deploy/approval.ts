import { readFile } from "node:fs/promises";
import { didYouMean } from "../../components/problem/nearest.ts";
import { LecternError, type Problem } from "../../components/problem/problem.ts";
import {
  type BoundPlan,
  boundPlan,
  boundPlanSchema,
  digestOfPlan,
  SHOWN_DIGITS,
} from "../../plan/digest/plan-digest.ts";
import { newsOf } from "../../plan/digest/plan-news.ts";

/** What somebody approved of a stack. */
export interface Approval {
  /** The digest of the plan, or the beginning of it. */
  readonly digest: string;
  /** The plan itself, where it was kept: it names what is new. */
  readonly plan?: BoundPlan;
}

/** `--plan-digest` and `--approved-plan`, as they are written. */
export interface ApprovalOptions {
  /** `STACK=DIGEST`, several with commas between, or a digest alone where one stack is deployed. */
  readonly planDigest?: readonly string[];
  /** `STACK=FILE`, several with commas between, or a file alone where one stack is deployed. */
  readonly approvedPlan?: readonly string[];
}

/**
 * What is approved of each stack that is deployed; undefined where no approval is asked for.
 * @throws {LecternError} with every stack that has none, and every argument that is no approval
 */
export async function approvalsOf(
  { planDigest = [], approvedPlan = [] }: ApprovalOptions,
  stacks: readonly string[],
): Promise<ReadonlyMap<string, Approval> | undefined> {
  if (planDigest.length + approvedPlan.length === 0) return undefined;
  const problems: Problem[] = [];
  const digests = byStack(planDigest, stacks, "--plan-digest", problems);
  const files = byStack(approvedPlan, stacks, "--approved-plan", problems);
  for (const [stack, digest] of digests) if (!DIGEST.test(digest)) problems.push(noDigest(stack, digest));
  for (const stack of stacks) if (!digests.has(stack)) problems.push(notApproved(stack));
  const plans = new Map<string, BoundPlan>();
  for (const [stack, file] of files) {
    const plan = await readPlan(file);
    if (!("code" in plan) && isApproved(plan, digests.get(stack) ?? "")) plans.set(stack, plan);
    else problems.push("code" in plan ? plan : otherPlan(stack, file));
  }
  if (problems.length > 0) throw new LecternError(problems);
  return new Map(
    [...digests].map(([stack, digest]) => {
      const plan = plans.get(stack);
      return [stack, plan ? { digest, plan } : { digest }];
    }),
  );
}

/**
 * Whether a stack's preview does what was approved.
 * @param document what `pulumi preview --json` printed
 * @returns what is new; empty where it does the very same
 */
export function differenceFrom({ digest, plan }: Approval, document: unknown): string[] {
  const now = boundPlan(document);
  if (isApproved(now, digest)) return [];
  const found = digestOfPlan(now).slice(0, SHOWN_DIGITS);
  return [
    `the plan is ${found} now, and ${digest.slice(0, SHOWN_DIGITS)} was approved: nothing is deployed`,
    ...(now.length === 0 ? ["the plan has no change any more"] : newsOf(now, plan)),
    "Preview it again, and have that plan approved",
  ];
}

const DIGEST = new RegExp(`^[0-9a-f]{${SHOWN_DIGITS},64}$`);

const isApproved = (plan: BoundPlan, digest: string) =>
  digest !== "" && digestOfPlan(plan).startsWith(digest);

function byStack(
  given: readonly string[],
  stacks: readonly string[],
  option: string,
  problems: Problem[],
): Map<string, string> {
  const found = new Map<string, string>();
  for (const text of given.flatMap((one) => one.split(/,(?=[\w-]+=)/))) {
    const [, named, value = text] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
    const [only] = stacks.length === 1 ? stacks : [];
    const stack = named ?? only;
    if (stack === undefined) problems.push(unnamed(option, text));
    else if (!stacks.includes(stack)) problems.push(unknownStack(option, stack, stacks));
    else found.set(stack, value);
  }
  return found;
}

async function readPlan(file: string): Promise<BoundPlan | Problem> {
  try {
    const parsed = boundPlanSchema.safeParse(JSON.parse(await readFile(file, "utf8")));
    if (parsed.success) return parsed.data;
  } catch {
    // The same problem: nobody can tell what was approved by this file.
  }
  return {
    code: "no-plan",
    severity: "error",
    file,
    message: "the file is no approved plan",
    remedy: "Name a file of the folder plans/ that `lectern comment --artifact` has written",
  };
}

const problem = (path: string, message: string, remedy: string): Problem => ({
  code: "usage",
  severity: "error",
  path,
  message,
  remedy,
});

const noDigest = (stack: string, digest: string) =>
  problem(
    "--plan-digest",
    `${JSON.stringify(digest)} of ${stack} is no digest of a plan`,
    `Write at least ${SHOWN_DIGITS} of its digits, as the comment on the pull request has them`,
  );

const notApproved = (stack: string) =>
  problem(
    "--plan-digest",
    `the stack ${stack} would be deployed without an approved plan`,
    `Name its digest, ${stack}=DIGEST, or leave it out with --environment or --only`,
  );

const otherPlan = (stack: string, file: string) =>
  problem(
    "--approved-plan",
    `the plan in ${file} is not the one that was approved of ${stack}`,
    "Name the plan of the run that the approval was given to",
  );

const unnamed = (option: string, text: string) =>
  problem(
    option,
    `it is not known which stack ${JSON.stringify(text)} belongs to`,
    "Write STACK=… before it",
  );

const unknownStack = (option: string, stack: string, stacks: readonly string[]) =>
  problem(
    option,
    `this run deploys no stack ${JSON.stringify(stack)}`,
    didYouMean(stack, stacks, `It deploys ${stacks.join(", ")}`),
  );
