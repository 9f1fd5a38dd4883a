import type { z } from "zod";
import { allOf } from "../../problem/all.ts";
import { LecternError, type Problem } from "../../problem/problem.ts";
import type { ChartValues } from "../values/chart/chart-values.ts";
import { readValuesFile } from "../values/file/values-file.ts";
import type { ChartSource } from "./chart-source.ts";
import { type ChartYaml, readChartYaml, usedChartYaml } from "./chart-yaml.ts";
import { linkedFolder } from "./linked-folder.ts";

/** A chart as it was read. */
export interface ReadChart<T extends ChartYaml> {
  readonly chart: T;
  readonly values: ChartValues;
}

/**
 * Reads `Chart.yaml`, and what a chart says of values: `values.yaml`, `values.schema.json` and the charts that it
 * uses: folders and archives in `charts`, and other folders by `file://`.
 * @throws {LecternError} with everything that is wrong with the chart
 */
export async function readChart<T extends ChartYaml>(
  source: ChartSource,
  schema: z.ZodType<T>,
): Promise<ReadChart<T>> {
  const file = `${source.shown}/values.yaml`;
  const [chart, values, schemaText, inside] = await allOf([
    readChartYaml(source, schema),
    source.text("values.yaml").then((text = "") => readValuesFile(text, file).values),
    source.text("values.schema.json"),
    source.charts().then(usedCharts),
  ]);
  const { name, dependencies } = chart;
  const linked = await usedCharts(await linkedCharts(chart, inside, source));
  return {
    chart,
    values: {
      name,
      values,
      file,
      ...(schemaText === undefined
        ? {}
        : { schema: { text: schemaText, file: `${source.shown}/values.schema.json` } }),
      ...(dependencies ? { dependencies } : {}),
      charts: [...inside, ...linked],
    },
  };
}

const usedCharts = (sources: readonly ChartSource[]): Promise<ChartValues[]> =>
  allOf(sources.map(async (source) => (await readChart(source, usedChartYaml)).values));

/** The charts that `helm dependency` would copy into `charts` from other folders. */
async function linkedCharts(
  { dependencies }: ChartYaml,
  inside: readonly ChartValues[],
  source: ChartSource,
): Promise<ChartSource[]> {
  const repositories = (dependencies ?? [])
    .filter(({ name }) => !inside.some((chart) => chart.name === name))
    .map(({ repository = "" }) => repository);
  const linked = await allOf([...new Set(repositories)].map((one) => linkedChart(source, one)));
  return linked.filter((one) => one !== undefined);
}

/**
 * The chart in another folder that a dependency names.
 * @returns undefined where it names none, or in a circle, which Helm refuses itself
 * @throws {LecternError} where there is no chart
 */
export async function linkedChart(source: ChartSource, repository: string): Promise<ChartSource | undefined> {
  const path = linkedFolder(repository);
  const linked = path === undefined ? undefined : source.linked(path);
  if (linked === undefined || (await linked.text("Chart.yaml")) !== undefined) return linked;
  throw new LecternError(missingDependency(source.shown, repository));
}

const missingDependency = (shown: string, repository: string): Problem => ({
  code: "missing-chart",
  severity: "error",
  file: `${shown}/Chart.yaml`,
  path: "dependencies",
  message: `the chart depends on ${repository}, where there is no chart`,
  remedy: "Correct the path, which is relative to the chart's folder",
});
