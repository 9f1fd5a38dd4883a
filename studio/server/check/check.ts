import { join, posix, relative, sep } from "node:path";
import type { FastifyInstance } from "fastify";
import { checkFolders } from "../../../cli/validate/check-folders.ts";
import { LecternError, type Problem } from "../../../components/problem/problem.ts";
import { checkRequestSchema, checkSchema } from "../../api/check.ts";
import type { Edit } from "../../api/draft.ts";
import type { StudioContext, StudioPluginOptions } from "../context.ts";
import { withDraft } from "../draft/draft-tree.ts";

/** Checks drafts. */
export async function checkRoutes(app: FastifyInstance, { studio }: StudioPluginOptions): Promise<void> {
  app.post("/check", { config: { readsOnly: true } }, async ({ body }) => {
    const { edits } = checkRequestSchema.parse(body);
    return checkSchema.parse({ problems: await draftProblems(studio, edits) });
  });
}

/** What `lectern validate` would report of the clusters that edits belong to; files are from the catalog's folder. */
async function draftProblems(
  studio: Pick<StudioContext, "root" | "catalog">,
  edits: readonly Edit[],
): Promise<readonly Problem[]> {
  try {
    return await withDraft(studio, edits, async ({ catalog, clusters }) => {
      const folders = clusters.map((name) => join(catalog, "clusters", name));
      const { verdicts } = folders.length === 0 ? { verdicts: [] } : await checkFolders(folders, {});
      return verdicts.flatMap(({ place, problems }) => {
        const folder = relative(catalog, place.folder).split(sep).join("/");
        return problems.map((problem) => fromCatalog(problem, folder));
      });
    });
  } catch (error) {
    // A file that can't be edited as it is, such as one that is no YAML.
    if (error instanceof LecternError) return error.problems;
    throw error;
  }
}

const fromCatalog = (problem: Problem, folder: string): Problem =>
  problem.file === undefined ? problem : { ...problem, file: posix.join(folder, problem.file) };
