import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fingerprintArticle, hasFingerprint } from "../../../../components/article/source/fingerprint.ts";
import type { ArticleKind } from "../../../../components/article/source/types.ts";
import { tryGit } from "../../save/git/git.ts";
import { filesIn, readBlobs } from "../../save/git/read-files.ts";

/** How many versions of an article are looked at: the newest of its history, after those that a report names. */
const MOST_VERSIONS = 60;

/** An article in a git repository. */
export interface ArticleInGit {
  /** The repository's folder. */
  readonly root: string;
  /** The article's folder, from there. */
  readonly path: string;
  readonly kind: ArticleKind;
}

/** A version of an article in the repository. */
interface Version {
  readonly commit: string;
  /** Git's ID of its folder. */
  readonly tree: string;
}

/**
 * Finds the commit whose article has a fingerprint, and calls back with the article as it was, in a folder that goes
 * afterwards. That a report names a commit is no proof of what is deployed: its content must have the fingerprint.
 * @param named commits that a report says were deployed, the likeliest first
 * @returns undefined where no commit that is looked at has it
 */
export async function withDeployedContent<T>(
  article: ArticleInGit,
  { fingerprint, named }: { readonly fingerprint: string; readonly named: readonly string[] },
  use: (found: { readonly folder: string; readonly commit: string }) => Promise<T>,
): Promise<T | undefined> {
  for (const version of await versionsOf(article, named)) {
    const place = await mkdtemp(join(tmpdir(), "lectern-deployed-"));
    const folder = join(place, basename(article.path));
    try {
      await writeArticle(article, version.commit, folder);
      const { article: read } = await fingerprintArticle(folder, article.kind);
      if (hasFingerprint(read, fingerprint)) return await use({ folder, commit: version.commit });
    } finally {
      await rm(place, { recursive: true, force: true });
    }
  }
  return undefined;
}

/** Each version of the article once, those of named commits first, then from the newest of any branch. */
async function versionsOf({ root, path }: ArticleInGit, named: readonly string[]): Promise<Version[]> {
  const log = await tryGit(root, [
    ...["log", "--all", `--max-count=${MOST_VERSIONS}`, "--format=%H", "--", `:(literal,top)${path}`],
  ]);
  const own = named.filter((commit) => /^[0-9a-f]{7,64}$/.test(commit));
  const commits = [...own, ...log.stdout.split("\n").filter((line) => line !== "")];
  const input = commits.map((commit) => `${commit}:${path}\n`).join("");
  const { stdout } = await tryGit(root, ["cat-file", "--batch-check"], { input });
  const versions = new Map<string, Version>();
  for (const [index, line] of stdout.split("\n").entries()) {
    const tree = /^([0-9a-f]+) tree /.exec(line)?.[1];
    const commit = commits[index];
    if (tree && commit && !versions.has(tree)) versions.set(tree, { commit, tree });
  }
  return [...versions.values()].slice(0, MOST_VERSIONS);
}

/** Links are left out, so that nothing outside is read; a version that needs one has no fingerprint. */
async function writeArticle({ root, path }: ArticleInGit, commit: string, folder: string): Promise<void> {
  const files = (await filesIn(root, commit, [path])).filter(({ mode }) => mode !== "120000");
  const blobs = await readBlobs(
    root,
    files.map(({ id }) => id),
  );
  await mkdir(folder, { recursive: true });
  for (const { path: file, id } of files) {
    const target = join(folder, file.slice(path.length + 1));
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, blobs.get(id) ?? "");
  }
}
