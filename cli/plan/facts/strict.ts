import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { LecternError, type Problem } from "../../../components/problem/problem.ts";

/**
 * What is wrong with a file of the catalog or the project that the planner can't read, as its own reader says it.
 * @param root the repository's folder
 * @param file from there
 */
export async function strictProblems(root: string, file: string): Promise<readonly Problem[]> {
  const text = await readFile(join(root, file), "utf8");
  try {
    await readStrictly(text, root, file);
  } catch (error) {
    if (error instanceof LecternError) return error.problems;
    throw error;
  }
  return [
    {
      code: "malformed-file",
      severity: "error",
      file,
      message: "the file can't be read",
      remedy: "Run `lectern validate`, and correct what it reports",
    },
  ];
}

async function readStrictly(text: string, root: string, file: string): Promise<void> {
  const name = basename(file);
  if (name === "cluster.yaml") {
    const { readClusterYaml } = await import("../../../components/cluster/declaration/read-cluster.ts");
    await readClusterYaml(text, file);
  } else if (name === "Chart.yaml" || name === "requirements.yaml") {
    const { installedChartYaml, readChartYaml } = await import("../../../components/hub/chart/chart-yaml.ts");
    const { chartFolder } = await import("../../../components/hub/chart/chart-source.ts");
    const folder = dirname(file);
    await readChartYaml(chartFolder(join(root, folder), folder), installedChartYaml);
  } else {
    const { scopeIn } = await import("../../../stacks/shards/stack-files.ts");
    const { problems } = scopeIn(text, file);
    if (problems.length > 0) throw new LecternError(problems);
  }
}
