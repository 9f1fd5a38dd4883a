import { posix } from "node:path";
import type { CatalogFacts, FolderFacts } from "../catalog-facts.ts";
import { folderChanged } from "../changes/cause.ts";
import type { Changes } from "../changes/changes.ts";
import { removedFolders } from "../changes/removed-folders.ts";
import type { WideCauses } from "../changes/wide-causes.ts";
import type { ArticleJob, KernelJob } from "../deployment-plan.ts";
import type { Why } from "./cluster-jobs.ts";
import { JobBook } from "./job-book.ts";

const SECTIONS = { course: "courses", blog: "blogs" } as const;

type Plain<J> = Omit<J, "reasons" | "removed">;

/** The kernels that a change deploys. */
export function kernelJobs(
  { kernels, folder }: CatalogFacts,
  changes: Changes,
  wide: WideCauses,
  used: Set<string>,
): readonly KernelJob[] {
  const book = new JobBook<Plain<KernelJob>>(used);
  for (const { name, folder } of kernels) {
    book.add(name, { name }, [...folderChanged(folder, changes), ...wide.of("kernels", "staging", "prod")]);
  }
  for (const { name, causes } of removedIn(posix.join(folder, "kernels"), kernels, changes)) {
    book.add(name, { name }, causes, true);
  }
  return book.jobs;
}

/** The articles that a change deploys: its own, and those that wait for a kernel or an event which changes. */
export function articleJobs(
  { articles, kernels, folder }: CatalogFacts,
  { changes, wide, calendar }: Why,
  used: Set<string>,
): readonly ArticleJob[] {
  const book = new JobBook<Plain<ArticleJob>>(used);
  const changed = kernels.filter((kernel) => changes.within(kernel.folder).length > 0);
  for (const { type, name: slug, folder, kernels: namedBy } of articles) {
    const named = changed.length === 0 ? [] : namedBy();
    const waits = changed.filter((kernel) => {
      const displayName = kernel.displayName();
      return named === undefined || displayName === undefined || named.includes(displayName);
    });
    book.add(`${SECTIONS[type]}/${slug}`, { type, slug }, [
      ...folderChanged(folder, changes),
      ...waits.map(({ name }) => ({ text: `it runs on the kernel ${name}, which changed`, paths: [] })),
      ...(type === "course" ? calendar.ofCourse(slug) : []),
      ...wide.of("articles", "staging", "prod"),
    ]);
  }
  for (const type of ["course", "blog"] as const) {
    const own = articles.filter((article) => article.type === type);
    for (const { name: slug, causes } of removedIn(posix.join(folder, SECTIONS[type]), own, changes)) {
      book.add(`${SECTIONS[type]}/${slug}`, { type, slug }, causes, true);
    }
  }
  return book.jobs;
}

/** What a section no longer has. */
function removedIn(section: string, there: readonly FolderFacts[], changes: Changes) {
  const gone = removedFolders(section, there, changes.within(section));
  return [...gone].map(([name, paths]) => ({ name, causes: [{ text: "its folder was removed", paths }] }));
}
