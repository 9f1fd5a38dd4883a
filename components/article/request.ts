import { basename, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { LecternError } from "../problem/problem.ts";
import type { ArticleBody } from "../qbook/protocol.ts";
import type { Host } from "../resource/provider.ts";
import type { Applied, ArticleInputs } from "./article-state.ts";
import { requestData } from "./request-data.ts";
import { fingerprintArticle } from "./source/fingerprint.ts";
import { articlePathInRepository, repositoryOf } from "./source/repository.ts";

/** What goes to qBook, and what is then remembered of it. */
export interface Sending {
  readonly body: ArticleBody;
  readonly applied: Applied;
}

/**
 * Reads the folder again and makes what is sent, so that it certainly is what the plan was made for.
 * @throws {LecternError} where the folder holds other content by now, or is in no repository
 */
export async function prepareSending(inputs: ArticleInputs, host: Host): Promise<Sending> {
  const folder = resolve(inputs.folder);
  const { article, problems } = await fingerprintArticle(folder, inputs.kind);
  if (!article) throw new LecternError(problems);
  if (article.fingerprint !== inputs.fingerprint) {
    throw new LecternError({
      code: "content-moved",
      severity: "error",
      file: inputs.folder,
      message: "the folder's content is not what the plan was made for, so nothing was sent",
      remedy: "Run again, and let nothing write to the folder meanwhile",
    });
  }
  const { base, repoUrl, commit } = await whereToRead(folder, host);
  const repoReadToken = host.config("repoReadToken");
  const { titlePrefix, visibility, fingerprint, parts } = inputs;
  return {
    body: {
      data: requestData(article, base, { titlePrefix, visibility }),
      repoUrl,
      commitSha: commit,
      ...(repoReadToken ? { repoReadToken } : {}),
    },
    applied: { fingerprint, parts, titlePrefix, visibility, commit },
  };
}

/** Whether the folder has gone on while the stack holds the article at what was planned before. */
export async function isHeld(inputs: ArticleInputs): Promise<boolean> {
  const { article } = await fingerprintArticle(resolve(inputs.folder), inputs.kind);
  return article?.fingerprint !== inputs.fingerprint;
}

const NO_COMMIT = "0".repeat(40);

async function whereToRead(
  folder: string,
  host: Host,
): Promise<{ base: string; repoUrl: string; commit: string }> {
  const fromFolder = host.config("source") === "folder";
  const repository = await repositoryOf(folder).catch((error: unknown) => {
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
