import { join } from "node:path";
import { ArticleFolder, isFile } from "../../components/article/source/article-path.ts";
import { isObject } from "../../components/json.ts";
import { parseYaml } from "../../components/problem/yaml-file.ts";
import type { CatalogDifferences, LessonDifference } from "../../plan/comment/comment-input.ts";
import type { PageNotebook } from "../../plan/comment/notebook/difference-page.ts";
import { articlesIn, type Catalog, discoverCatalog } from "../../stacks/catalog.ts";
import { articleIn, lessonDifferences, type ReadArticle, readable } from "./article-differences.ts";

/** What two versions of a catalog differ in, and the notebooks of it for pages of their own. */
export interface ReadDifferences extends CatalogDifferences {
  /** By the ID of the article. */
  readonly pages: ReadonlyMap<string, readonly PageNotebook[]>;
}

/**
 * Compares two versions of a catalog. Both are data: what can't be read differs in nothing here, as the check reports it,
 * and no path in them leads out of its own folder.
 * @throws {LecternError} where one of the folders is missing
 */
export async function catalogDifferences(base: string, head: string): Promise<ReadDifferences> {
  const [before, after] = await Promise.all([discoverCatalog(base), discoverCatalog(head)]);
  const [old, now] = await Promise.all([articlesOf(before), articlesOf(after)]);
  const titles = new Map(
    [...old, ...now].flatMap(([id, { title }]) => (title ? [[id, title] as const] : [])),
  );
  const notebooks = new Map<string, readonly LessonDifference[]>();
  const pages = new Map<string, readonly PageNotebook[]>();
  for (const [id, article] of now) {
    const earlier = old.get(id);
    if (!earlier) continue;
    const found = await lessonDifferences(earlier, article);
    if (found.length > 0)
      notebooks.set(
        id,
        found.map(({ page: _, ...lesson }) => lesson),
      );
    const shown = found.flatMap(({ page }) => page ?? []);
    if (shown.length > 0) pages.set(id, shown);
  }
  const kernels = await kernelsOf(before, after);
  return {
    titles: new Map([...titles, ...kernels.titles]),
    notebooks,
    images: kernels.images,
    pages,
  };
}

async function articlesOf(catalog: Catalog): Promise<Map<string, ReadArticle>> {
  const read = articlesIn(catalog).map(async ({ id, folder }) => [id, await articleIn(folder)] as const);
  return new Map(await Promise.all(read));
}

/** What kernels are called and which images they name, where `kernel.yaml` can be read. */
async function kernelsOf(before: Catalog, after: Catalog) {
  const [old, now] = await Promise.all([kernelFiles(before), kernelFiles(after)]);
  const ids = [...new Set([...old.keys(), ...now.keys()])];
  const titles = ids.flatMap((id) => {
    const title = now.get(id)?.title ?? old.get(id)?.title;
    return title === undefined ? [] : [[`kernel/${id}`, title] as const];
  });
  const images = ids.map((id) => {
    const [was, is] = [old.get(id)?.image, now.get(id)?.image];
    return [
      `kernel/${id}`,
      { ...(was === undefined ? {} : { before: was }), ...(is === undefined ? {} : { after: is }) },
    ] as const;
  });
  return { titles: new Map(titles), images: new Map(images) };
}

async function kernelFiles({ kernels }: Catalog) {
  const read = kernels.map(async ({ name, folder }) => {
    const inside = new ArticleFolder(folder);
    const found = inside.find("kernel.yaml", { noun: "notebook" });
    const text = isFile(found) ? await readable(found.absolute) : undefined;
    const { value } =
      text === undefined ? { value: undefined } : parseYaml(text, join(folder, "kernel.yaml"));
    return [name, isObject(value) ? declared(value) : {}] as const;
  });
  return new Map(await Promise.all(read));
}

function declared({ display_name: title, image }: Readonly<Record<string, unknown>>) {
  return {
    ...(typeof title === "string" ? { title } : {}),
    ...(typeof image === "string" ? { image } : {}),
  };
}
