import { basename, join } from "node:path";
import { z } from "zod";
import { filesOf } from "../../components/article/commit-problems.ts";
import { fingerprintArticle, hasFingerprint } from "../../components/article/source/fingerprint.ts";
import type { Repository } from "../../components/article/source/git/repository.ts";
import type { Article } from "../../components/article/source/types.ts";
import { LecternError } from "../../components/problem/problem.ts";
import { articleOutput } from "../../stacks/outputs/outputs-schema.ts";
import { checkOutCourse, shareCommit } from "./git-view.ts";
import { type ArticleInputs, modeRefused } from "./inputs/inputs.ts";
import { named, type Project, projectName } from "./project.ts";
import type { Result } from "./report/result.ts";
import type { Engine } from "./run.ts";

/** The course or blog of a run. */
export interface PreparedArticle {
  readonly project: Project;
  readonly id: string;
  readonly article: Article;
}

/**
 * Makes a project of the article's commit.
 * @throws {LecternError} where course.json can't be read, or a file that it names has changes that are not committed
 */
export async function prepareArticle(
  inputs: ArticleInputs,
  repository: Repository,
  folder: string,
  environment: NodeJS.ProcessEnv,
): Promise<PreparedArticle> {
  const { kind, coursePath } = inputs;
  const slug = slugOf(repository, coursePath);
  const catalog = join(folder, "catalog");
  const place = join(catalog, `${kind}s`, slug);
  await shareCommit(repository, place);
  await checkOutCourse(repository, place, coursePath);
  const { article, problems } = await fingerprintArticle(place, kind);
  if (!article) throw new LecternError(problems);
  refuseChanged(article, coursePath, repository);
  const id = `${kind}/${slug}`;
  const config = {
    ...serviceSettings(inputs, environment),
    ...inputs.config,
    "lectern:catalog": catalog,
    // Nothing here says which kernels exist: qBook has them.
    "lectern:externalKernels": JSON.stringify(article.kernels),
    ...(inputs.customId === ""
      ? {}
      : { "lectern:articles": JSON.stringify({ [id]: { customId: inputs.customId } }) }),
  };
  const secrets = {
    "lectern:apiKey": inputs.apiKey,
    ...(inputs.repoReadToken === "" ? {} : { "lectern:repoReadToken": inputs.repoReadToken }),
  };
  return { project: { folder, name: projectName(repository, kind, slug), config, secrets }, id, article };
}

/** What the inputs and the variables of the qBraid action mean for qBook's client. */
function serviceSettings(inputs: ArticleInputs, environment: NodeJS.ProcessEnv): Record<string, string> {
  const settings = {
    "lectern:forceDuplicateQuestions": String(inputs.forceDuplicateQuestions),
    "lectern:processingLimit": String(inputs.pollAttempts * inputs.pollSeconds),
    "lectern:pollInterval": String(inputs.pollSeconds * 1000),
    "lectern:runAttempt": environment["GITHUB_RUN_ATTEMPT"],
    "lectern:apiUrl": environment["QBRAID_API_BASE_URL"],
    "lectern:requestTimeout": environment["QBRAID_REQUEST_TIMEOUT_SECONDS"],
  };
  return Object.fromEntries(
    Object.entries(settings).flatMap(([key, value]) => (value ? [[key, value] as const] : [])),
  );
}

/** What qBook clones is the commit: a file that a step before has changed would silently not be what readers get. */
function refuseChanged(article: Article, coursePath: string, repository: Repository): void {
  const changed = new Set(repository.uncommitted(repository.root));
  const files = filesOf(article).map((file) => (file === "course.json" ? coursePath : file));
  const own = files.filter((file) => changed.has(file));
  if (own.length === 0) return;
  throw new LecternError({
    code: "uncommitted-changes",
    severity: "error",
    message: `uncommitted changes in ${own.join(", ")}`,
    remedy: "Commit and push them: qBook clones the commit",
  });
}

const deployedArticle = z.object({
  customId: z.string().min(1),
  applied: z.object({ fingerprint: z.string() }).optional(),
});

/**
 * Holds `mode` against what the state knows of the article.
 * @throws {LecternError} where it would create what exists with other content, or update what does not exist
 */
export async function assertArticleMode(
  { mode, customId, backend }: ArticleInputs,
  { id, article }: PreparedArticle,
  engine: Engine,
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  const known = deployedArticle.safeParse((await engine.deployed()).get(id)).data;
  if (mode === "update" && !known && customId === "") {
    throw modeRefused(
      `the backend knows no ${id}, so there is nothing to update`,
      "Set course-custom-id to take over an article that is on qBook, or set mode to create",
    );
  }
  if (mode === "create" && known?.applied && !hasFingerprint(article, known.applied.fingerprint)) {
    throw modeRefused(
      `${id} is on qBook already, as ${known.customId}, with other content`,
      "Set mode to update to change it",
    );
  }
  if (mode === "create" && !backend && Number(environment["GITHUB_RUN_ATTEMPT"] ?? 1) > 1) {
    throw modeRefused(
      "an earlier attempt of this run may have created the article, and another creation would make a second one",
      "Look for it on qBook: where it is, set mode to update and course-custom-id; where it is not, start a new run. With a backend-url, a rerun is safe",
    );
  }
}

/** What readers find, from the stack's outputs. */
export function articleResult(
  { id, article }: PreparedArticle,
  outputs: Readonly<Record<string, unknown>>,
): Result {
  const articles = z.record(z.string(), articleOutput).safeParse(outputs["articles"]).data ?? {};
  const { title, customId, url } = articles[id] ?? { title: article.title, customId: "", url: "" };
  return {
    what: article.kind,
    outputs: { course_name: title || article.title, "course-custom-id": customId, qbook_url: url },
    rows: [
      [article.kind === "course" ? "Course" : "Blog", title || article.title],
      ["ID on qBook", customId],
    ],
    url,
  };
}

/** The article's identity: of the repository, and of the file where it is not at the root. */
function slugOf(repository: Repository, coursePath: string): string {
  const own = basename((repository.url ?? repository.root).replace(/\/+$/, "").replace(/\.git$/, ""));
  const of = coursePath === "course.json" ? own : `${own}-${coursePath.replace(/(\/?course)?\.json$/, "")}`;
  return named(of).replace(/^[._-]+/, "") || "article";
}
