import { textsAt } from "../../../../cli/plan/changed/base.ts";
import { planOfChange } from "../../../../cli/plan/deployment.ts";
import { sectionsOf, whyNothing } from "../../../../plan/deployment/format/sections.ts";
import type { Preview } from "../../../api/save.ts";
import type { CatalogRepository } from "../repository.ts";

/**
 * What merging a change deploys, as `lectern plan --base` tells it.
 * @param overlay a folder with the repository's files as they would be
 * @param changed from the repository's root
 */
export async function plannedOf(
  { root, catalog, project }: CatalogRepository,
  overlay: string,
  { commit, changed }: { readonly commit: string; readonly changed: readonly string[] },
): Promise<NonNullable<Preview["plan"]>> {
  const place = { root: overlay, catalog, folder: project };
  const plan = await planOfChange(place, {
    changed,
    labels: [],
    textsOfBase: (paths) => textsAt(root, commit, paths),
  });
  const sections = sectionsOf(plan).map(({ title, rows }) => ({
    title,
    rows: rows.map(({ what, why }) => ({ what, why: [...why] })),
  }));
  return { sections, ...(sections.length === 0 ? { nothing: whyNothing(plan) } : {}) };
}
