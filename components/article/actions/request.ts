import { basename, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { LecternError } from "../../problem/problem.ts";
import { qbookConfig } from "../../qbook/config.ts";
import type { ArticleBody } from "../../qbook/protocol.ts";
import type { ProviderContext } from "../../resource/context/context.ts";
import { UNKNOWN } from "../../resource/contract.ts";
import type { Applied, ArticleInputs, PlannedArticle } from "../article-contract.ts";
import { articleConfig } from "../config.ts";
import { keptParts } from "../source/changes.ts";
import { fingerprintArticle, hasFingerprint } from "../source/fingerprint.ts";
import { articlePathInRepository, repositoryOf } from "../source/git/repository.ts";
import { requestData } from "./request-data.ts";

/** What goes to qBook, and what is then remembered of it. */
export interface ArticleRequest {
  readonly body: ArticleBody;
  readonly applied: Applied;
}

/**
 * Reads the folder again and makes what is sent, so that it certainly is what the plan was made for.
 * @throws {LecternError} where the folder's content has changed since, or it is in no repository
 */
export async function prepareRequest(
  wanted: ArticleInputs,
  context: ProviderContext,
): Promise<ArticleRequest> {
  const folder = resolve(wanted.folder);
  const { article, problems } = await fingerprintArticle(folder, wanted.kind);
  if (!article) throw new LecternError(problems);
  if (!hasFingerprint(article, wanted.fingerprint)) {
    throw new LecternError({
      code: "content-moved",
      severity: "error",
      file: wanted.folder,
      message: "the folder's content changed after the plan was made, so nothing was sent",
      remedy: "Run again, and leave the folder unchanged until the run ends",
    });
  }
  const { base, repoUrl, commit } = await whereToRead(folder, context);
  const { repoReadToken } = context.config(qbookConfig);
  const { forceDuplicateQuestions, runAttempt } = context.config(articleConfig);
  const { titlePrefix, visibility, fingerprint } = wanted;
  return {
    body: {
      data: requestData(article, base, { titlePrefix, visibility }),
      repoUrl,
      commitSha: commit,
      ...(repoReadToken ? { repoReadToken } : {}),
      forceDuplicateQuestions,
      runAttempt,
    },
    applied: { fingerprint, parts: keptParts(article.parts), titlePrefix, visibility, commit },
  };
}

/** Whether the folder has changed while the stack holds the article at its earlier content. */
export async function isHeld({
  folder,
  kind,
  fingerprint,
}: Pick<PlannedArticle, "folder" | "kind" | "fingerprint">): Promise<boolean> {
  if (folder === UNKNOWN || kind === UNKNOWN || fingerprint === UNKNOWN) return false;
  const { article } = await fingerprintArticle(resolve(folder), kind);
  return !hasFingerprint(article, fingerprint);
}

const NO_COMMIT = "0".repeat(40);

async function whereToRead(
  folder: string,
  context: ProviderContext,
): Promise<{ base: string; repoUrl: string; commit: string }> {
  const fromFolder = context.config(articleConfig).source === "folder";
  const repository = await repositoryOf(folder, context).catch((error: unknown) => {
    if (fromFolder && error instanceof LecternError) return undefined;
    throw error;
  });
  // Outside git the sandbox's API reads the article's own folder.
  if (!repository) return { base: ".", repoUrl: fileUrl(folder), commit: NO_COMMIT };
  const base = articlePathInRepository(repository, folder);
  const repoUrl = fromFolder ? fileUrl(repository.root) : repository.url;
  if (repoUrl === undefined) {
    throw new LecternError({
      code: "no-remote",
      severity: "error",
      file: basename(folder),
      message: "the repository has no remote that qBook could clone",
      remedy: "Add one with git remote add, and push",
    });
  }
  return { base, repoUrl, commit: repository.commit };
}

const fileUrl = (path: string) => pathToFileURL(path).href;
