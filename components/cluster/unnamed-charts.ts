import { basename } from "node:path";
import type { Problem } from "../problem/problem.ts";
import type { ClusterFiles } from "./cluster-files.ts";

/** A warning for each chart of a catalog that none of its clusters names. @param folders of all its charts */
export function unnamedCharts(
  folders: readonly string[],
  clusters: readonly Pick<ClusterFiles, "charts">[],
): Problem[] {
  return folders
    .filter((folder) => !clusters.some(({ charts }) => charts.has(folder)))
    .map((folder) => ({
      code: "unnamed-chart",
      severity: "warning",
      file: `${folder}/Chart.yaml`,
      message: "no cluster names this chart, so nothing installs it",
      remedy: `Name it in a cluster.yaml as \`chart: ${basename(folder)}\`, or remove it`,
    }));
}
