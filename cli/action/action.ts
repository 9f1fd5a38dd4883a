import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Repository, repositoryOf } from "../../components/article/source/git/repository.ts";
import { LecternError } from "../../components/problem/problem.ts";
import { articleResult, assertArticleMode, prepareArticle } from "./article.ts";
import {
  type ArticleInputs,
  type Inputs,
  type KernelInputs,
  readInputs,
  secretsIn,
} from "./inputs/inputs.ts";
import { assertKernelMode, deployedKernel, existingKernel, kernelResult, prepareKernel } from "./kernel.ts";
import { type Project, writeProject } from "./project.ts";
import { commentOnCommit } from "./report/commit-comment.ts";
import { Log } from "./report/log.ts";
import { type Result, writeOutputs, writeSummary } from "./report/result.ts";
import { type Engine, withBackend, withoutBackend } from "./run.ts";

/** A run, with what its parts share. */
interface Run<I extends Inputs> {
  readonly inputs: I;
  /** The author's. */
  readonly repository: Repository;
  /** The temporary folder of the project. */
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly log: Log;
}

/**
 * `lectern action`: deploys what the inputs in the environment say, once, and reports it as a step of GitHub Actions.
 * @returns the exit code
 */
export async function action(environment: NodeJS.ProcessEnv): Promise<0 | 1> {
  const log = new Log(secretsIn(environment), (text) => void process.stdout.write(text));
  const folder = mkdtempSync(join(tmpdir(), "lectern-action-"));
  try {
    const inputs = readInputs(environment);
    const place = environment["GITHUB_WORKSPACE"] || process.cwd();
    const repository = await repositoryOf(place, { once: (_, make) => make() });
    const result = await deploy({ inputs, repository, folder, environment, log });
    writeOutputs(result, environment);
    writeSummary(result, log, environment);
    if (inputs.commitComment) await commentOnCommit(result, repository.commit, environment, log);
    return 0;
  } catch (error) {
    if (!(error instanceof LecternError)) throw log.withoutSecrets(error);
    log.error(error.message);
    writeSummary(undefined, log, environment);
    return 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function deploy({ inputs, ...run }: Run<Inputs>): Promise<Result> {
  return inputs.actionType === "article"
    ? deployArticle({ ...run, inputs })
    : deployKernel({ ...run, inputs });
}

async function deployArticle({ inputs, ...run }: Run<ArticleInputs>): Promise<Result> {
  const prepared = await prepareArticle(inputs, run.repository, run.folder, run.environment);
  const engine = await engineFor(inputs, prepared.project);
  await assertArticleMode(inputs, prepared, engine, run.environment);
  const result = articleResult(prepared, await deployed(engine, run.log));
  if (!inputs.backend) run.log.note(WITHOUT_BACKEND);
  return result;
}

async function deployKernel({ inputs, ...run }: Run<KernelInputs>): Promise<Result> {
  const existing = await existingKernel(inputs);
  const same = await assertKernelMode(inputs, existing);
  if (same) {
    run.log.note(`the gateway has the kernel ${inputs.name} as it is wanted: nothing to do`);
    return kernelResult(inputs, same);
  }
  const project = await prepareKernel(inputs, existing, run.repository, run.folder);
  const engine = await engineFor(inputs, project);
  return kernelResult(inputs, deployedKernel(inputs, await deployed(engine, run.log)));
}

const WITHOUT_BACKEND =
  "without backend-url nothing is remembered of this run: the next one sends the content again, changed or not. With one, an unchanged article costs no call, a rerun makes no second article, and an interrupted run goes on where it stopped";

async function engineFor({ backend }: Inputs, project: Project): Promise<Engine> {
  writeProject(project);
  return backend ? await withBackend(project, backend) : withoutBackend(project);
}

/** @returns the outputs of the stack @throws {LecternError} where the deployment failed */
async function deployed(engine: Engine, log: Log): Promise<Readonly<Record<string, unknown>>> {
  const { ok, errors, warnings, outputs } = await engine.up((line) => log.say(line));
  for (const warning of warnings) log.warn(warning);
  if (ok) return outputs;
  throw new LecternError(
    (errors.length > 0 ? errors : ["the deployment was interrupted"]).map((message) => ({
      code: "deployment-failed",
      severity: "error",
      message: message.replace(/\.$/, ""),
      remedy: "Fix that, and run the workflow again",
    })),
  );
}
