import { realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { z } from "zod";
import { Refused } from "../refused.ts";

/** An article as an address names it. */
export const articleName = z.object({
  kind: z.enum(["course", "blog"]),
  // A folder's name, and none that a deployment skips.
  slug: z.string().regex(/^(?![._])[^/\\\0]{1,200}$/),
});
export type ArticleName = z.output<typeof articleName>;

const SECTIONS = { course: "courses", blog: "blogs" } as const;

/**
 * The folder of an article, which must be in the catalog: a link that leads out of it is none of its articles.
 * @throws {Refused} where there is none
 */
export async function articleFolder(catalog: string, { kind, slug }: ArticleName): Promise<string> {
  const folder = join(catalog, SECTIONS[kind], slug);
  const [home, real] = await Promise.all([realpath(catalog), realpath(folder).catch(() => undefined)]);
  if (real?.startsWith(`${home}${sep}`) && (await stat(real)).isDirectory()) return folder;
  throw new Refused(404, {
    code: "no-such-article",
    message: `the catalog has no ${kind} ${JSON.stringify(slug)}`,
    remedy: "Go back to the list of articles",
  });
}
