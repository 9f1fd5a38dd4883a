import { resolve } from "node:path";
import { LecternError, type Problem } from "../problem/problem.ts";
import type { ProviderContext } from "../resource/context/context.ts";
import { articleId, type KnownArticle } from "./article-contract.ts";
import { articleConfig } from "./config.ts";
import { type Repository, repositoryOf } from "./source/git/repository.ts";
import type { Article } from "./source/types.ts";

/** What prevents deploying the folder's content as a commit; in folder mode only a warning or a note. */
export async function commitProblems(
  wanted: KnownArticle,
  article: Article | undefined,
  context: ProviderContext,
): Promise<readonly Problem[]> {
  const repository = await gitFacts(wanted, context);
  const lenient = context.config(articleConfig).source === "folder";
  if (!("root" in repository)) {
    if (!lenient) return repository;
    for (const problem of repository) noteOnce(problem, context);
    return [];
  }
  const files = repository.uncommitted(resolve(wanted.folder), article ? filesOf(article) : []);
  if (files.length === 0) return [];
  return [
    {
      code: "uncommitted-changes",
      severity: lenient ? "warning" : "error",
      message: `uncommitted changes in ${lenient ? shortList(files) : files.join(", ")}`,
      remedy: lenient
        ? "The sandbox deploys the folder as it is; staging and production deploy a commit, so commit these files first"
        : "Commit and push them: only commits are deployed",
    },
  ];
}

/** Why the sandbox can't name a commit: one line per run, whichever articles it is true of. */
function noteOnce({ code, message }: Problem, { once, report }: ProviderContext): void {
  once(`article: note of ${code}`, () => {
    const deploys = "the sandbox deploys it as it is, staging and production deploy a commit";
    report({ severity: "info", message: `${message}: ${deploys}` });
  });
}

function shortList(files: readonly string[]): string {
  return files.length > 3 ? `${files.slice(0, 2).join(", ")} and ${files.length - 2} more` : files.join(", ");
}

/** Nobody can clone a commit that exists only on this machine. It matters only for what is going to be sent. */
export async function unpushed(wanted: KnownArticle, context: ProviderContext): Promise<readonly Problem[]> {
  if (context.config(articleConfig).source === "folder") return [];
  const repository = await gitFacts(wanted, context);
  if (!("root" in repository)) return [];
  const problem = remoteProblem(repository);
  if (!problem) return [];
  // It is the same for every article of the repository: what to do is reported with the first.
  const id = articleId(wanted);
  const first = context.once(`article: remote of ${repository.root}`, () => id);
  if (first === id) return [problem];
  return [{ ...problem, remedy: `Do what is reported for ${first}` }];
}

/** Why qBook can't clone the commit. */
function remoteProblem({ url, pushed, commit }: Repository): Problem | undefined {
  if (url === undefined) {
    return {
      code: "no-remote",
      severity: "error",
      message: "the repository has no remote",
      remedy: "Add one with git remote add, and push: qBook clones the repository",
    };
  }
  if (pushed) return undefined;
  return {
    code: "unpushed-commit",
    severity: "error",
    message: `commit ${commit.slice(0, 12)} is not on any branch of the remote`,
    remedy: "Push it, or, if it is pushed already, run git fetch: qBook clones exactly this commit",
  };
}

async function gitFacts(
  wanted: KnownArticle,
  context: ProviderContext,
): Promise<Repository | readonly Problem[]> {
  try {
    return await repositoryOf(resolve(wanted.folder), context);
  } catch (error) {
    if (error instanceof LecternError) return error.problems;
    throw error;
  }
}

/** The files that qBook will read, from the article's folder: git may ignore one that is needed. */
export function filesOf({ course, parts }: Article): string[] {
  const lessons = course.content.flatMap((chapter) => [chapter, ...(chapter.sections ?? [])]);
  const notebooks = lessons.map(({ baseFilePath }) => baseFilePath.replace(/^(\.\/)+/, ""));
  const images = Object.keys(parts).filter((label) => label.startsWith("image "));
  return [...new Set(["course.json", ...notebooks, ...images.map((label) => label.slice("image ".length))])];
}
