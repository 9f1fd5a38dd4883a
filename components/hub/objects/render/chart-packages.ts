import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LecternError } from "../../../problem/problem.ts";
import { type ChartReference, chartName } from "../../chart/chart-reference.ts";
import { helmProblem } from "./helm-problem.ts";
import { runHelm } from "./helm-process.ts";
import { chartArgs } from "./render-release.ts";

/** Charts on this machine: each remote one is fetched once, however many hubs use it. */
export interface ChartPackages {
  /**
   * The path of a chart's folder or package.
   * @throws {LecternError} where helm can't fetch it
   */
  path(chart: ChartReference): Promise<string>;
  /** Removes what was fetched. */
  close(): Promise<void>;
}

/** Fetching a chart takes longer than rendering one. */
const TIMEOUT = 120_000;

export function chartPackages(helm?: string): ChartPackages {
  const fetched = new Map<string, Promise<string>>();
  const folders: string[] = [];
  const fetchChart = async (chart: ChartReference) => {
    const folder = await mkdtemp(join(tmpdir(), "lectern-chart-"));
    folders.push(folder);
    const args = ["pull", ...chartArgs(chart), "--destination", folder];
    const outcome = await runHelm({ helm, args, timeout: TIMEOUT });
    if (outcome.ended !== "ok") throw new LecternError(helmProblem(outcome, chartName(chart), []));
    const [file = ""] = await readdir(folder);
    return join(folder, file);
  };
  return {
    path(chart) {
      if ("folder" in chart) return Promise.resolve(chart.folder);
      const key = JSON.stringify(chart);
      const known = fetched.get(key) ?? fetchChart(chart);
      fetched.set(key, known);
      return known;
    },
    async close() {
      await Promise.allSettled(fetched.values());
      await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
    },
  };
}
