import { execFile } from "node:child_process";
import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import pLimit from "p-limit";
import { jsonOf } from "../../components/problem/json.ts";
import { LecternError } from "../../components/problem/problem.ts";
import type { FailedPreview } from "../../plan/comment/comment-input.ts";
import { compose } from "../../plan/comment/compose.ts";
import { type StackView, stackView } from "../../plan/comment/preview/stack-view.ts";
import { SHOWN_DIGITS } from "../../plan/digest/plan-digest.ts";
import type { Environment } from "../../stacks/shards/stack-name.ts";
import { writeArtifact, writeViews } from "../comment/artifact.ts";
import { policyPacks } from "../pulumi/policy-packs.ts";
import { listStacks } from "../stacks/list.ts";
import { setOutputs } from "./job-output.ts";

export interface PreviewOptions {
  readonly environment: Environment;
  /** A JSON list of names; `"all"` are all of the environment. */
  readonly stacks: string;
  /** Production: as if staging had passed, which a pull request can't know. */
  readonly assumeStaging?: boolean;
  /** Folders of policies; `lectern` is Lectern's own. */
  readonly policyPack?: readonly string[];
  readonly jobs: number;
  readonly catalog: string;
  readonly output: string;
}

/**
 * `lectern ci preview`: previews the stacks of an environment, and writes what a comment and an approval have of them, without
 * any state.
 * @returns the exit code: 1 where a preview failed
 */
export async function previewStacks(root: string, options: PreviewOptions): Promise<0 | 1> {
  try {
    const stacks = await chosenStacks(root, options);
    const limit = pLimit(options.jobs);
    const all = await Promise.all(stacks.map((stack) => limit(() => previewOf(root, stack, options))));
    const views = all.flatMap((one) => ("digest" in one ? one : []));
    const failed = all.flatMap((one) => ("failure" in one ? one : []));
    await write(options, views, failed);
    await setOutputs(approvalOf(views));
    const broken = failed.length + views.filter(({ ok }) => !ok).length;
    process.stdout.write(`${stacks.length} previewed, ${broken} failed: ${options.output}\n`);
    return broken === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    process.stderr.write(`error: ${error.message}\n`);
    return 1;
  }
}

async function chosenStacks(
  root: string,
  { environment, stacks, catalog }: PreviewOptions,
): Promise<string[]> {
  const wanted = jsonOf(stacks);
  const { stacks: listed, problems } = await listStacks(root, catalog);
  const errors = problems.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw new LecternError(errors);
  return listed
    .filter((one) => one.environment === environment && one.deploys.length > 0)
    .map(({ stack }) => stack)
    .filter((stack) => wanted === "all" || (Array.isArray(wanted) && wanted.includes(stack)));
}

async function previewOf(
  root: string,
  stack: string,
  { environment, assumeStaging, policyPack }: PreviewOptions,
): Promise<StackView | FailedPreview> {
  const assumed = assumeStaging && environment === "prod" ? ["--config", "lectern:assumeStaging=true"] : [];
  const packs = policyPacks(policyPack).flatMap((folder) => ["--policy-pack", folder]);
  const args = ["preview", "--stack", stack, "--non-interactive", ...assumed, ...packs];
  // Without --show-sames the plan has no components, and no count of what is unchanged.
  const { ok, stdout, stderr } = await callPulumi(root, [...args, "--json", "--show-sames"]);
  const document = jsonOf(stdout);
  if (document === undefined) return { stack, environment, failure: failureIn(`${stderr}\n${stdout}`) };
  const view = stackView(stack, environment, document);
  if (ok || view.errors.length > 0) return view;
  // The document does not say which policies are broken; the text for people does.
  const again = await callPulumi(root, [...args, "--color", "never"]);
  const broken = brokenPolicies(again.stdout);
  const failure =
    broken.length > 0 ? broken.join("; ") : failureIn(`${stderr}\n${again.stderr}\n${again.stdout}`);
  return { stack, environment, failure };
}

/** `images-by-digest: python-science`, of what `pulumi preview` prints for people. */
const brokenPolicies = (text: string): string[] =>
  [...text.matchAll(/- \[mandatory\]\s+(\S+)\s+\((?:\S+:\s+)?([^)]+)\)/g)].map(
    ([, policy = "", resource = ""]) => `the policy ${policy} is broken by ${resource}`,
  );

/** A preview that fails prints what it found, too. */
function callPulumi(
  root: string,
  args: readonly string[],
): Promise<{ ok: boolean; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const options = { cwd: root, maxBuffer: 2 ** 29 };
    execFile("pulumi", [...args], options, (error, stdout, stderr) =>
      resolve({
        ok: error === null,
        stdout,
        stderr: error && stdout + stderr === "" ? error.message : stderr,
      }),
    );
  });
}

const failureIn = (text: string) =>
  (/error: (.+)/.exec(text)?.[1] ?? text.trim().split("\n")[0] ?? "").replace(/\.$/, "") ||
  "it printed nothing; the run's log has the reason";

async function write(
  { output }: PreviewOptions,
  previews: readonly StackView[],
  failed: readonly FailedPreview[],
): Promise<void> {
  const views = join(output, "views");
  await mkdir(views, { recursive: true });
  await writeViews(views, previews);
  for (const { stack, failure } of failed)
    await writeFile(join(views, `${stack}.json`), `error: ${failure}\n`);
  const { whole } = compose({ previews, failed, credentials: true, links: {} });
  const plans = new Map(previews.map(({ stack, bound }) => [stack, bound]));
  await writeArtifact(output, { whole, differences: undefined, plans });
  const summary = process.env["GITHUB_STEP_SUMMARY"];
  if (summary) await appendFile(summary, `${whole}\n`);
}

/** How many stacks the name of a job has room for. */
const MOST_NAMED = 4;

/** What the reviewers of a deployment approve: every stack's digest, and whether there is anything to approve. */
function approvalOf(views: readonly StackView[]): Record<string, string> {
  const changing = views.filter(({ bound }) => bound.length > 0);
  const named = changing
    .slice(0, MOST_NAMED)
    .map(({ stack, digest }) => `${stack} ${digest.slice(0, SHOWN_DIGITS)}`);
  const more = changing.length - named.length;
  return {
    changed: String(changing.length > 0),
    approval: [...named, ...(more > 0 ? [`${more} more`] : [])].join(", "),
    digests: views.map(({ stack, digest }) => `${stack}=${digest}`).join(","),
    plans: views.map(({ stack }) => `${stack}=plans/${stack}.json`).join(","),
  };
}
