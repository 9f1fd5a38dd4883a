import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { differencePage } from "../../plan/comment/notebook/difference-page.ts";
import type { StackView } from "../../plan/comment/preview/stack-view.ts";
import { viewFile } from "../../plan/comment/preview/view-file.ts";
import type { BoundPlan } from "../../plan/digest/plan-digest.ts";
import type { ReadDifferences } from "./catalog-differences.ts";

/** What belongs into a workflow run's artifact. */
interface Artifact {
  readonly whole: string;
  readonly differences: ReadDifferences | undefined;
  /** What each stack's preview would do, without any value, by the stack's name. */
  readonly plans: ReadonlyMap<string, BoundPlan>;
}

/**
 * Writes the artifact's files: `plan.md`, the whole text; `differences/<id>.html`, what changes in the notebooks of an
 * article; `plans/<stack>.json`, what a deployment is compared with.
 */
export async function writeArtifact(folder: string, { whole, differences, plans }: Artifact): Promise<void> {
  const files = new Map([["plan.md", whole]]);
  for (const [id, notebooks] of differences?.pages ?? []) {
    const page = differencePage(differences?.titles.get(id) ?? id, notebooks);
    files.set(join("differences", `${fileName(id)}.html`), page);
  }
  for (const [stack, plan] of plans) {
    files.set(join("plans", `${fileName(stack)}.json`), `${JSON.stringify(plan, null, 1)}\n`);
  }
  for (const [name, text] of files) {
    const file = join(folder, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

/** Writes what the comment has of each preview, for another job: `<stack>.json`, without any state. */
export async function writeViews(folder: string, views: readonly StackView[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const view of views) await writeFile(join(folder, `${fileName(view.stack)}.json`), viewFile(view));
}

/** A name that is one on every system, and leads nowhere else. */
const fileName = (id: string) => id.replaceAll(/[^\w.-]+/g, "-").replace(/^\.+/, "");
