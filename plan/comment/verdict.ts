import type { DeploymentPlan } from "../deployment/deployment-plan.ts";
import type { CommentInput } from "./comment-input.ts";
import { jobsOf } from "./planned-jobs.ts";
import type { StackView } from "./preview/stack-view.ts";
import { inert } from "./text/inert.ts";
import { capital, changesOf, counted, environmentName } from "./text/wording.ts";

/** The heading: what merging would do, in one line. */
export function verdict(input: CommentInput): string {
  const errors = (input.problems ?? []).filter(({ severity }) => severity === "error").length;
  const wrong = errors === 0 ? [] : [`the catalog has ${counted(errors, "error")}`];
  const parts = [...wrong, ...(hasPreviews(input) ? previewed(input) : planned(input))];
  return `### ${capital(parts.join(" · ") || "nothing to deploy")}`;
}

const hasPreviews = ({ previews, failed }: CommentInput) => previews.length + failed.length > 0;

/** Whether merging would change nothing. */
export function isEmpty(input: CommentInput): boolean {
  const { previews, failed, planned: plan, problems = [] } = input;
  if (failed.length > 0 || problems.some(({ severity }) => severity === "error")) return false;
  if (previews.length > 0) {
    return previews.every((view) => view.ok && view.things.length + heldIn([view]) === 0);
  }
  return plan !== undefined && jobsOf(plan).length === 0;
}

function previewed(input: CommentInput): string[] {
  if (isEmpty(input)) return [];
  const environments = [...new Set([...input.previews, ...input.failed].map((one) => one.environment))];
  return environments.map((environment) => `${environmentName(environment)}: ${stateOf(environment, input)}`);
}

function stateOf(environment: string, { previews, failed }: CommentInput): string {
  const views = previews.filter((one) => one.environment === environment);
  const broken = [
    ...failed.filter((one) => one.environment === environment),
    ...views.filter(({ ok }) => !ok),
  ].map(({ stack }) => stack);
  const failure = broken.length === 0 ? [] : [failureOf(broken, environment)];
  const changes = changesOf(views);
  const later = changes !== "" && views.some(({ assumesStaging }) => assumesStaging);
  const held = heldIn(views);
  return (
    [
      ...failure,
      ...(changes === "" ? [] : [`${changes}${later ? " once staging has passed" : ""}`]),
      ...(held === 0 ? [] : [`${held} held`]),
    ].join(", ") || "no changes"
  );
}

const heldIn = (views: readonly StackView[]) =>
  views.reduce((sum, { held, proofs }) => sum + held.length + proofs.length, 0);

function failureOf(stacks: readonly string[], environment: string): string {
  const [first] = stacks;
  if (stacks.length > 1) return `${stacks.length} previews failed`;
  return first === environment ? "the preview failed" : `the preview of ${inert(first ?? "")} failed`;
}

/** Where nothing could be previewed: what the planner makes of the changed files. */
function planned({ planned: plan }: CommentInput): string[] {
  if (!plan) return ["the plan is missing"];
  const counts = countsOf(plan);
  return counts === "" ? [] : [`planned: ${counts}`];
}

function countsOf({ articles, kernels, images, support, staging, prod }: DeploymentPlan): string {
  const counts = [
    [articles.length, counted(articles.length, "article")],
    [kernels.length, counted(kernels.length, "kernel")],
    [images.length, images.length === 1 ? "1 set of images" : `${images.length} sets of images`],
    [
      support.length,
      support.length === 1 ? "1 cluster's support" : `the support of ${support.length} clusters`,
    ],
    [staging.length, counted(staging.length, "staging hub")],
    [prod.length, counted(prod.length, "production hub")],
  ] as const;
  return counts.flatMap(([count, text]) => (count > 0 ? [text] : [])).join(", ");
}
