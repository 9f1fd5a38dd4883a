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

/** A warning for each image of a catalog that none of its clusters names. @param folders of all its images */
export function unnamedImages(
  folders: readonly string[],
  clusters: readonly Pick<ClusterFiles, "namedImages">[],
): Problem[] {
  return folders
    .filter((folder) => !clusters.some(({ namedImages }) => namedImages.includes(basename(folder))))
    .map((folder) => ({
      code: "unnamed-image",
      severity: "warning",
      file: `${folder}/Dockerfile`,
      message: "no values file and no profile names this image, so it is not built",
      remedy: `Name it as \`lectern://images/${basename(folder)}\`, or remove it`,
    }));
}
