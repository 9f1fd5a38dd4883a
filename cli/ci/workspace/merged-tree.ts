import type { NotPreviewed } from "../../../plan/comment/not-previewed.ts";
import { mergeTree } from "../../plan/changed/merge-tree.ts";
import { accessChanges } from "./access.ts";
import { chartChanges } from "./charts.ts";
import { badEntries, type Trees } from "./entries.ts";
import { type Git, gitIn } from "./git.ts";
import { stackSettings } from "./settings/stack-files.ts";

export interface MergeOptions {
  readonly root: string;
  readonly base: string;
  readonly head: string;
  readonly catalog: string;
  /** Whose files are beside the catalog. */
  readonly program: "base" | "head";
}

/** The tree that merging leads to, or why nobody may preview it by itself. */
export type Merged = { readonly tree: string } | NotPreviewed;

/** Merges a head into a base without touching a file. @throws {LecternError} where git fails */
export async function mergedTree({ root, base, head, catalog, program }: MergeOptions): Promise<Merged> {
  const git = gitIn(root);
  const merged = await mergeTree(root, base, head);
  if ("conflicts" in merged) return { why: "conflict", paths: merged.conflicts };
  const { tree } = merged;
  if (program === "head") return { tree };
  const links = await badEntries(git, { base, tree, catalog });
  if (links.length > 0) return { why: "links", paths: links };
  const access = await accessChanges(root, { base, tree, catalog });
  if (access.length > 0) return { why: "access", paths: access };
  const charts = await chartChanges(git, { base, tree, catalog });
  if (charts.length > 0) return { why: "charts", paths: charts };
  const settings = await stackSettings(git, base, tree);
  if ("refused" in settings) return { why: "settings", paths: settings.refused };
  return { tree: await withDataOf(git, { base, tree, catalog, texts: settings.texts }) };
}

interface Data extends Trees {
  /** Of other files, by their paths. */
  readonly texts: ReadonlyMap<string, string>;
}

/** The base's tree with the catalog of another one, and with these texts. */
async function withDataOf(git: Git, { base, tree, catalog, texts }: Data): Promise<string> {
  const index = {
    GIT_INDEX_FILE: (
      await git(["rev-parse", "--path-format=absolute", "--git-path", "lectern-index"])
    ).trim(),
  };
  await git(["read-tree", base], index);
  await git(["rm", "--quiet", "--cached", "-r", "--ignore-unmatch", "--", catalog], index);
  const has = (await git(["ls-tree", "--name-only", tree, "--", catalog])).trim() !== "";
  if (has) await git(["read-tree", `--prefix=${catalog}/`, `${tree}:${catalog}`], index);
  for (const [path, text] of texts) {
    const id = (await git(["hash-object", "-w", "--stdin"], {}, text)).trim();
    await git(["update-index", "--add", "--cacheinfo", `100644,${id},${path}`], index);
  }
  return (await git(["write-tree"], index)).trim();
}
