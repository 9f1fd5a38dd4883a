import { resolve } from "node:path";
import { formatProblem, LecternError, type Problem } from "../problem/problem.ts";
import { connectionProblems } from "../qbook/connection.ts";
import type { CheckFailure, Host, Properties } from "../resource/provider.ts";
import { isUnknown } from "../resource/provider.ts";
import { type ArticleInputs, articleId, articleInputs } from "./article-state.ts";
import { articleConfig } from "./config.ts";
import { readArticle } from "./source/read.ts";
import { articlePathInRepository, type Repository, repositoryOf } from "./source/repository.ts";
import type { Article } from "./source/types.ts";

/** What an article's folder holds, and everything that is wrong with it. */
interface Findings {
  readonly problems: readonly Problem[];
  readonly parts?: Article["parts"] | undefined;
}

/** By run and by what is examined: the ledger asks the same as its article. */
const EXAMINED = new Map<string, Promise<Findings>>();

export interface Examination {
  readonly failures: CheckFailure[];
  /** The digests of the article's parts, where it is what the plan was made for. */
  readonly parts?: Article["parts"] | undefined;
}

/**
 * Everything that is wrong with an article that is to be deployed, without a call to qBook; the
 * warnings are said at once.
 * @param olds the inputs of the last run; empty for a new one
 */
export async function examine(olds: Properties, news: Properties, host: Host): Promise<Examination> {
  const parsed = articleInputs.safeParse(known(news));
  if (!parsed.success) {
    if (["kind", "slug", "folder"].some((key) => isUnknown(news[key]))) return { failures: [] };
    const issues = parsed.error.issues;
    return { failures: issues.map(({ path, message }) => ({ property: path.join("."), reason: message })) };
  }
  const inputs = parsed.data;
  const { problems, parts } = await examineOnce(inputs, host);
  // Held at what was deployed before, while the folder went on: what the folder holds now is not deployed.
  const moved = problems.some(({ code }) => code === MOVED);
  if (moved && olds["fingerprint"] === inputs.fingerprint) return { failures: [], parts: olds["parts"] };
  const failures = problems.filter(({ severity }) => severity === "error");
  if (failures.length === 0 && sends(olds, inputs))
    failures.push(...connectionProblems(host), ...(await unpushed(inputs, host)));
  return {
    failures: failures.map((problem) => ({
      property: "folder",
      reason: formatProblem(placed(problem, inputs)),
    })),
    parts,
  };
}

const MOVED = "content-moved";

async function examineOnce(inputs: ArticleInputs, host: Host): Promise<Findings> {
  const { kind, folder, fingerprint, declaredKernels } = inputs;
  const key = JSON.stringify([host.run, kind, folder, fingerprint, declaredKernels]);
  const known = EXAMINED.get(key);
  if (known) return known;
  const examining = findingsOf(inputs, host);
  EXAMINED.set(key, examining);
  examining.catch(() => EXAMINED.delete(key));
  const findings = await examining;
  const { problems } = findings;
  if (problems.some(({ code }) => code === MOVED)) return findings;
  for (const problem of problems.filter(({ severity }) => severity === "warning")) {
    host.progress(`${articleId(inputs)}: warning: ${formatProblem(placed(problem, inputs))}`);
  }
  return findings;
}

async function findingsOf(inputs: ArticleInputs, host: Host): Promise<Findings> {
  const folder = resolve(inputs.folder);
  const { article, problems } = await readArticle(folder, inputs.kind, {
    ...(inputs.declaredKernels ? { declaredKernels: new Set(inputs.declaredKernels) } : {}),
    rules: articleConfig.rules.parse(JSON.parse(host.config("rules") ?? "{}")),
  });
  if (article && article.fingerprint !== inputs.fingerprint) return { problems: [moved(), ...problems] };
  return {
    problems: [...problems, ...(await commitProblems(inputs, article, host))],
    parts: article?.parts,
  };
}

function moved(): Problem {
  return {
    code: MOVED,
    severity: "error",
    message: "the folder's content is not what the plan was made for",
    remedy: "Run again, and let nothing write to the folder meanwhile",
  };
}

/** What forbids to deploy the folder's content as a commit; in folder mode it is only said. */
async function commitProblems(
  inputs: ArticleInputs,
  article: Article | undefined,
  host: Host,
): Promise<Problem[]> {
  const repository = await gitFacts(inputs);
  const lenient = host.config("source") === "folder";
  if (!("root" in repository)) return lenient ? repository.map(asWarning) : [...repository];
  const files = repository.uncommitted(resolve(inputs.folder), article ? filesOf(article) : []);
  if (files.length === 0) return [];
  return [
    {
      code: "uncommitted-changes",
      severity: lenient ? "warning" : "error",
      message: `uncommitted changes in ${lenient ? shortList(files) : files.join(", ")}`,
      remedy: lenient
        ? "The sandbox deploys the folder as it is; elsewhere a commit is deployed, so commit them before"
        : "Commit them (and push): what is deployed is a commit",
    },
  ];
}

const asWarning = (problem: Problem): Problem => ({ ...problem, severity: "warning" });

function shortList(files: readonly string[]): string {
  return files.length > 3 ? `${files.slice(0, 2).join(", ")} and ${files.length - 2} more` : files.join(", ");
}

/** Nobody can clone a commit that is only here. It matters only for what is going to be sent. */
async function unpushed(inputs: ArticleInputs, host: Host): Promise<Problem[]> {
  if (host.config("source") === "folder") return [];
  const repository = await gitFacts(inputs);
  if (!("root" in repository)) return [];
  const at = articlePathInRepository(repository, resolve(inputs.folder));
  const problem = { severity: "error", path: at } as const;
  if (repository.url === undefined) {
    const remedy = "Add one with git remote add, and push: qBook clones the repository";
    return [{ ...problem, code: "no-remote", message: "the repository has no remote", remedy }];
  }
  if (repository.pushed) return [];
  const message = `commit ${repository.commit.slice(0, 12)} is in no branch of the remote as last fetched`;
  return [
    {
      ...problem,
      code: "unpushed-commit",
      message,
      remedy: "Push it, or fetch: qBook clones this very commit",
    },
  ];
}

async function gitFacts(inputs: ArticleInputs): Promise<Repository | readonly Problem[]> {
  try {
    return await repositoryOf(resolve(inputs.folder));
  } catch (error) {
    if (error instanceof LecternError) return error.problems;
    throw error;
  }
}

/** The files that qBook will read, from the article's folder: git may ignore one that is needed. */
function filesOf({ course, parts }: Article): string[] {
  const lessons = course.content.flatMap((chapter) => [chapter, ...(chapter.sections ?? [])]);
  const notebooks = lessons.map(({ baseFilePath }) => baseFilePath.replace(/^(\.\/)+/, ""));
  const images = Object.keys(parts).filter((label) => label.startsWith("image "));
  return [...new Set(["course.json", ...notebooks, ...images.map((label) => label.slice("image ".length))])];
}

/** Whether something may be sent: nothing is where content and settings are those of the last run. */
function sends(olds: Properties, inputs: ArticleInputs): boolean {
  const keys = ["fingerprint", "titlePrefix", "visibility", "customId", "confirmAbsent"] as const;
  return keys.some((key) => olds[key] !== inputs[key]);
}

/** A problem with its file as seen from the project, so that an editor finds it. */
function placed(problem: Problem, { folder }: ArticleInputs): Problem {
  if (problem.file?.startsWith("/")) return problem;
  const base = folder.replace(/\/+$/, "");
  return { ...problem, file: problem.file === undefined ? base : `${base}/${problem.file}` };
}

/** The inputs that are known already. */
function known(news: Properties): Properties {
  return Object.fromEntries(Object.entries(news).filter(([, value]) => !isUnknown(value)));
}
