import { constants } from "node:fs";
import { copyFile, mkdir, readdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { articleConfig } from "../../../components/article/config.ts";
import { fingerprintArticle, hasFingerprint } from "../../../components/article/source/fingerprint.ts";
import type { ArticleKind } from "../../../components/article/source/types.ts";
import { readKernel } from "../../../components/kernel/declaration/kernel-file.ts";
import { allOf } from "../../../components/problem/all.ts";
import { formatProblem, LecternError } from "../../../components/problem/problem.ts";
import { verifiedArticlesApi } from "../../../components/qbook/articles-api.ts";
import { configReader } from "../../../components/resource/context/configured.ts";
import { discoverCatalog } from "../../../stacks/catalog.ts";
import { configSchema } from "../../../stacks/config.ts";
import { type GatewayWorld, thisMachine } from "../../gateway/gateway-world.ts";
import { putInPlace } from "../running/put-in-place.ts";
import { shownPath } from "../running/shown-path.ts";
import { decided } from "../running/stack-decisions.ts";
import { pairsOf, type SourcedArticle, sourceOf } from "./sources.ts";

export interface ImportArticlesOptions {
  readonly id: readonly string[];
  readonly from?: readonly string[];
  readonly type: ArticleKind;
  readonly stack: string;
  /** Relative to the project. */
  readonly catalog: string;
  readonly json?: boolean;
}

/**
 * `lectern import articles`: brings articles that are on qBook into the catalog, with the decision that adopts them. qBook is
 * only asked, and nothing that exists is overwritten.
 * @param project its folder
 * @returns the exit code: 0 written, 1 refused, and then nothing is written
 */
export async function importArticles(
  options: ImportArticlesOptions,
  project: string,
  world: Pick<GatewayWorld, "config" | "context" | "print" | "printError"> = thisMachine,
): Promise<0 | 1> {
  try {
    const pairs = pairsOf(options.id, options.from ?? []);
    const values = await world.config(options.stack);
    const raw = (key: string) => values[`lectern:${key}`];
    const api = await verifiedArticlesApi(world.context(raw, ({ message }) => world.print(message)));
    const articles = await allOf(pairs.map(([id, dir]) => sourceOf(id, dir, options.type, api)));
    refuseAdopted(articles, raw, options);
    world.print(await putArticles(articles, raw, options, project));
    return 0;
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    for (const problem of error.problems) world.printError(`error: ${formatProblem(problem)}`);
    return 1;
  }
}

/** Two articles of one ID would overwrite each other on qBook. */
function refuseAdopted(
  articles: readonly SourcedArticle[],
  raw: (key: string) => string | undefined,
  { type, stack }: ImportArticlesOptions,
): void {
  const { articles: decisions } = configReader(raw)({ articles: articleConfig.articles });
  const problems = articles.flatMap(({ customId, slug }) => {
    const other = Object.keys(decisions).find((id) => decisions[id]?.customId === customId);
    if (other === undefined) return [];
    return {
      code: "adopted-twice",
      severity: "error" as const,
      path: "--id",
      message: `${customId} is ${other} of the stack ${stack} already, and would be ${type}/${slug} too`,
      remedy: "Leave it out of the import",
    };
  });
  if (problems.length > 0) throw new LecternError(problems);
}

async function putArticles(
  articles: readonly SourcedArticle[],
  raw: (key: string) => string | undefined,
  options: ImportArticlesOptions,
  project: string,
): Promise<string> {
  const { type, stack } = options;
  const catalog = resolve(project, options.catalog);
  const pathOf = ({ slug }: SourcedArticle) => `${type}s/${slug}`;
  const entries = Object.fromEntries(articles.map(({ slug, customId }) => [`${type}/${slug}`, { customId }]));
  const stackFile = decided(project, stack, { key: "lectern:articles", entries });
  await putInPlace(
    { catalog, paths: articles.map(pathOf) },
    (apart) => copyAll(articles, (article) => join(apart, pathOf(article))),
    (apart) => checkAll(articles, type, (article) => join(apart, pathOf(article))),
    stackFile,
  );
  const rows = await Promise.all(
    articles.map(async (article) => ({
      id: `${type}/${article.slug}`,
      customId: article.customId,
      folder: shownPath(join(catalog, pathOf(article))),
      status: article.status,
      ...(article.url === undefined ? {} : { url: article.url }),
      left: await leftIn(article),
    })),
  );
  const unknownKernels = await kernelsUnknownTo(articles, catalog, raw);
  const imported = { articles: rows, stackFile: shownPath(stackFile.path), unknownKernels };
  return options.json ? JSON.stringify(imported, null, 2) : textOf(imported, stack);
}

async function copyAll(
  articles: readonly SourcedArticle[],
  placeOf: (article: SourcedArticle) => string,
): Promise<void> {
  for (const article of articles) {
    for (const file of article.files) {
      const to = join(placeOf(article), file);
      await mkdir(dirname(to), { recursive: true });
      await copyFile(join(article.folder, file), to, constants.COPYFILE_EXCL);
    }
  }
}

/** What was copied is the article: nothing that its content depends on stayed behind. */
async function checkAll(
  articles: readonly SourcedArticle[],
  kind: ArticleKind,
  placeOf: (article: SourcedArticle) => string,
): Promise<void> {
  for (const source of articles) {
    const { article, problems } = await fingerprintArticle(placeOf(source), kind);
    if (!article) throw new LecternError(problems);
    if (hasFingerprint(article, source.article.fingerprint)) continue;
    throw new LecternError({
      code: "not-importable",
      severity: "error",
      file: shownPath(source.folder),
      message: "its files changed while they were copied",
      remedy: "Run the import again",
    });
  }
}

/** What an author's folder has besides, at its top: it may be meant for readers, and is not. */
async function leftIn({ folder, files }: SourcedArticle): Promise<string[]> {
  const taken = new Set(files.map((file) => file.split("/")[0]));
  const names = await readdir(folder);
  return names.filter((name) => !name.startsWith(".") && !taken.has(name)).sort();
}

/** The kernels that articles name, and that neither the catalog nor the stack's configuration has. */
async function kernelsUnknownTo(
  articles: readonly SourcedArticle[],
  catalog: string,
  raw: (key: string) => string | undefined,
): Promise<string[]> {
  const { externalKernels } = configReader(raw)({ externalKernels: configSchema.shape.externalKernels });
  const { kernels } = await discoverCatalog(catalog);
  const read = await Promise.all(kernels.map(({ folder }) => readKernel(folder)));
  const known = new Set([...externalKernels, ...read.flatMap(({ kernel }) => kernel?.displayName ?? [])]);
  return [...new Set(articles.flatMap(({ article }) => article.kernels))]
    .filter((name) => !known.has(name))
    .sort();
}

interface ImportedArticles {
  readonly articles: readonly {
    readonly id: string;
    readonly customId: string;
    readonly folder: string;
    readonly status: string;
    readonly url?: string;
    readonly left: readonly string[];
  }[];
  readonly stackFile: string;
  readonly unknownKernels: readonly string[];
}

function textOf({ articles, stackFile, unknownKernels }: ImportedArticles, stack: string): string {
  const count = `${articles.length} ${articles.length === 1 ? "article" : "articles"}`;
  return [
    `Imported ${count}`,
    ...articles.flatMap(({ customId, folder, status, url, left }) => [
      `  + ${folder}: ${customId}, ${status}${url === undefined ? "" : `, ${url}`}`,
      ...(left.length === 0 ? [] : [`      not a part of it, and left behind: ${left.join(", ")}`]),
    ]),
    `  ~ ${stackFile}: lectern:articles adopts them`,
    ...(unknownKernels.length === 0
      ? []
      : [
          "",
          `No kernel of the catalog has the display name ${unknownKernels.map((name) => JSON.stringify(name)).join(", ")}.`,
          "Import it with `lectern import gateway`, or name it in lectern:externalKernels if qBook hosts it.",
        ]),
    "",
    "Commit and push: qBook clones the commit. Then see the plan, which adopts them and creates none:",
    `  pulumi preview --stack ${stack}`,
  ].join("\n");
}
