import { existsSync, globSync } from "node:fs";
import { basename, join } from "node:path";
import { ENVIRONMENTS } from "../../stacks/shards/stack-name.ts";
import type { CommentOptions } from "./options.ts";

/**
 * What the earlier jobs of a workflow have left, as options of `lectern comment`: what was planned, why it was not previewed
 * if it was not, and the views of each environment's stacks.
 */
export function receivedIn(
  folder: string,
): Partial<Pick<CommentOptions, "plan" | "problems" | "notPreviewed">> & Pick<CommentOptions, "preview"> {
  const there = (...paths: string[]) =>
    paths.map((path) => join(folder, path)).find((path) => existsSync(path));
  // As people read them: staging before production.
  const environments = ENVIRONMENTS.map((name) => `previews-${name}`);
  const plan = there("planned/plan.json");
  const problems = there("planned/problems.json");
  const notPreviewed = there(
    "planned/not-previewed.json",
    ...environments.map((name) => `${name}/not-previewed.json`),
  );
  const views = environments.flatMap((name) => globSync(`${name}/views/*.json`, { cwd: folder }).sort());
  return {
    preview: views.map((file) => `${basename(file, ".json")}=${join(folder, file)}`),
    ...(plan === undefined ? {} : { plan }),
    ...(problems === undefined ? {} : { problems }),
    ...(notPreviewed === undefined ? {} : { notPreviewed }),
  };
}
