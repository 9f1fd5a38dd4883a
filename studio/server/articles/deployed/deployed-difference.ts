import { relative, sep } from "node:path";
import {
  articleIn,
  type FoundLesson,
  lessonDifferences,
} from "../../../../cli/comment/article-differences.ts";
import { commitOf, isShallow, repositoryRoot } from "../../../../cli/plan/changed/repository.ts";
import { describeChanges } from "../../../../components/article/source/changes.ts";
import { fingerprintArticle } from "../../../../components/article/source/fingerprint.ts";
import { differencePage } from "../../../../plan/comment/notebook/difference-page.ts";
import type { DeployedMap, MapStack } from "../../../../plan/map/map-file.ts";
import type { DeployedDifference } from "../../../api/articles.ts";
import { Refused } from "../../refused.ts";
import type { ArticleName } from "../article-folder.ts";
import { type ArticleInGit, withDeployedContent } from "./deployed-content.ts";

/** An article of the catalog, and the stack that it is compared with. */
export interface Compared {
  readonly map: DeployedMap;
  /** The project's folder. */
  readonly root: string;
  /** The article's folder, absolute. */
  readonly folder: string;
  readonly name: ArticleName;
  readonly stack: string;
}

/** What differs between what a stack has of an article and the catalog, and the page that shows its cells. */
export interface FoundDifference {
  readonly difference: DeployedDifference;
  /** HTML; absent where no notebook has cells on both sides. */
  readonly page?: string;
}

/**
 * Compares an article with what a stack has of it: the commit that has the content of its fingerprint. Where there is none,
 * the difference says why.
 * @throws {Refused} where the report has no such stack, or the stack not the article
 */
export async function deployedDifference({ map, ...compared }: Compared): Promise<FoundDifference> {
  const { name, root, folder } = compared;
  const stack = map.stacks.find((one) => one.stack === compared.stack);
  const thing = stack?.outputs?.things.find(({ id }) => id === `${name.kind}/${name.slug}`);
  if (!stack || !thing || thing.held?.deployed === false) throw notDeployed(compared.stack);
  if (thing.digest === undefined) return unknown("the report does not say which content the stack has");
  const repository = repositoryRoot(root);
  if (repository === undefined) return unknown("the catalog is in no git repository, which would have it");
  const path = relative(repository, folder).split(sep).join("/");
  const article: ArticleInGit = { root: repository, path, kind: name.kind };
  const named = commitsOf(stack);
  const wanted = { fingerprint: thing.digest, named };
  const found = await withDeployedContent(article, wanted, async (deployed) => {
    const title = (await articleIn(folder)).title ?? name.slug;
    return between(deployed, folder, `${title}: ${compared.stack} and the catalog`);
  });
  return found ?? unknown(await reasonOf(repository, named[0]));
}

/** The deployments that a report knows, newest first. */
const commitsOf = ({ history }: MapStack): string[] => [
  ...new Set(history.flatMap(({ commit, result }) => (commit && result !== "failed" ? [commit] : []))),
];

async function between(
  { folder: before, commit }: { readonly folder: string; readonly commit: string },
  after: string,
  title: string,
): Promise<FoundDifference> {
  const found = await lessonDifferences(await articleIn(before), await articleIn(after));
  const shown = found.flatMap(({ page }) => page ?? []);
  const lessons = found.map(({ label, change, cells }: FoundLesson) => ({
    label,
    change,
    ...(cells && { cells }),
  }));
  return {
    difference: { commit, lessons, others: await otherChanges(before, after) },
    ...(shown.length > 0 && { page: differencePage(title, shown) }),
  };
}

/** What differs beside notebooks: metadata, images, the settings and the order of chapters. Of an article with errors nothing is known. */
async function otherChanges(before: string, after: string): Promise<string[]> {
  // The kind makes no difference to the parts.
  const [old, now] = await Promise.all([before, after].map((one) => fingerprintArticle(one, "course")));
  if (!old?.article || !now?.article) return [];
  const [was, is] = [old.article.parts, now.article.parts].map(withoutNotebooks);
  return describeChanges(was ?? {}, is ?? {});
}

const withoutNotebooks = (parts: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(parts).filter(([label]) => !/^chapter .* notebook$/s.test(label)));

/** Why no commit has the content. */
async function reasonOf(repository: string, named: string | undefined): Promise<string> {
  if (named !== undefined && (await commitOf(repository, named)) === undefined) {
    return `this clone has no commit ${named.slice(0, 10)}, which was deployed last; \`git fetch --all\` may bring it`;
  }
  if (await isShallow(repository)) {
    return "no commit of this clone has it, and the clone has only the end of the history; `git fetch --unshallow` brings the rest";
  }
  return "no commit of this repository has it: it was deployed from files that were not committed here";
}

const unknown = (reason: string): FoundDifference => ({
  difference: { unknown: reason, lessons: [], others: [] },
});

const notDeployed = (stack: string) =>
  new Refused(404, {
    code: "not-deployed",
    message: `no report says that the stack ${JSON.stringify(stack)} has this article`,
    remedy: "Load the page again",
  });
