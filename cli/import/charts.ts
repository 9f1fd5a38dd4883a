import { existsSync, readFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { loadValues } from "../../components/hub/values/file/values-file.ts";
import { filesBelow, foldersIn, type ImportPlan } from "./plan.ts";

/** What is of no use in a chart: values that were rendered or decrypted for it. */
const NOT_OF_A_CHART = /(^|\/)enc-|sonnet$/;

/** Takes a chart over, once. */
export function takeChart(plan: ImportPlan, folder: string): void {
  const name = basename(folder);
  const about = join(folder, "Chart.yaml");
  if (plan.files.has(`charts/${name}/Chart.yaml`)) return;
  if (!existsSync(about)) {
    plan.note(
      "missing-chart",
      about,
      `the repository has no chart ${name}`,
      "Put it into the catalog's charts/",
    );
    return;
  }
  for (const path of filesBelow(folder)) {
    if (path.endsWith("sonnet")) plan.noteJsonnet(path);
    if (!NOT_OF_A_CHART.test(relative(folder, path)))
      plan.copy(path, `charts/${name}/${relative(folder, path)}`);
  }
  const dependencies = loadValues(readFileSync(about, "utf8"), about)["dependencies"];
  if (Array.isArray(dependencies) && dependencies.length > 0 && !existsSync(join(folder, "charts"))) {
    const remedy = `Run \`helm dependency update\` in the catalog's charts/${name}, and commit what it adds`;
    plan.note("dependencies", about, "the charts that this chart uses are not in the repository", remedy);
  }
}

/** Takes the images in a folder over, each a folder with a Dockerfile. @returns their names */
export function takeImages(plan: ImportPlan, folder: string, named: (name: string) => string): string[] {
  return foldersIn(folder).flatMap((name) =>
    existsSync(join(folder, name, "Dockerfile")) ? takeImage(plan, join(folder, name), named(name)) : [],
  );
}

/** Takes the folder of an image over. @returns its name */
export function takeImage(plan: ImportPlan, folder: string, name: string): string[] {
  for (const path of filesBelow(folder)) plan.copy(path, `images/${name}/${relative(folder, path)}`);
  const remedy = "Build it from there, and give values and profiles the image that was built";
  plan.note(
    "image",
    join(folder, "Dockerfile"),
    "this image is a folder of the catalog's images/ now",
    remedy,
  );
  return [name];
}
