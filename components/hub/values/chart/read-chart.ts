import { z } from "zod";
import { allOf } from "../../../problem/all.ts";
import { LecternError, type Problem } from "../../../problem/problem.ts";
import { zodProblems } from "../../../problem/zod.ts";
import { readValuesFile } from "../file/values-file.ts";
import { type ChartSource, chartFolder } from "./chart-source.ts";
import type { ChartValues } from "./chart-values.ts";

/**
 * Reads what a chart's folder says of values: `Chart.yaml`, `values.yaml`, `values.schema.json` and the charts
 * that it uses: folders and archives in `charts`, and other folders by `file://`.
 * @param folder the chart's folder
 * @param shown its name in messages, relative to the project
 * @throws {LecternError} with everything that is wrong with the chart
 */
export const readChartValues = (folder: string, shown: string): Promise<ChartValues> =>
  readChart(chartFolder(folder, shown));

async function readChart(source: ChartSource): Promise<ChartValues> {
  const file = (name: string) => `${source.shown}/${name}`;
  const layer = async (name: string) => {
    const text = await source.text(name);
    return text === undefined ? undefined : readValuesFile(text, file(name));
  };
  const [chart, defaults, requirements, schema, charts] = await allOf([
    layer("Chart.yaml"),
    layer("values.yaml"),
    layer("requirements.yaml"),
    source.text("values.schema.json"),
    source.charts().then((all) => allOf(all.map(readChart))),
  ]);
  if (chart === undefined) throw new LecternError(noChart(source.shown));
  const { data, error } = metadata.safeParse({ ...requirements?.values, ...chart.values });
  if (error)
    throw new LecternError(
      zodProblems(error, { file: chart.source, ...(chart.locate ? { locate: chart.locate } : {}) }),
    );
  return {
    name: data.name,
    values: defaults?.values ?? {},
    file: file("values.yaml"),
    ...(schema === undefined ? {} : { schema: { text: schema, file: file("values.schema.json") } }),
    ...(data.dependencies === undefined ? {} : { dependencies: data.dependencies }),
    charts: [...charts, ...(await linkedCharts(data, charts, source))],
  };
}

/** What of `Chart.yaml` is about values. */
const metadata = z.object({
  name: z.string(),
  dependencies: z
    .array(
      z.object({
        name: z.string(),
        repository: z.string().exactOptional(),
        alias: z.string().exactOptional(),
        condition: z.string().exactOptional(),
        tags: z.array(z.string()).exactOptional(),
        "import-values": z
          .array(z.union([z.string(), z.object({ child: z.string(), parent: z.string() })]))
          .exactOptional(),
      }),
    )
    .exactOptional(),
});

/** The charts that `helm dependency` would copy into `charts` from other folders; Helm refuses a circle. */
function linkedCharts(
  { dependencies = [] }: z.infer<typeof metadata>,
  charts: readonly ChartValues[],
  source: ChartSource,
): Promise<ChartValues[]> {
  const paths = dependencies
    .filter(({ name }) => !charts.some((chart) => chart.name === name))
    .flatMap(({ repository = "" }) => /^file:\/\/(.+)$/.exec(repository)?.[1] ?? []);
  const linked = [...new Set(paths)].flatMap((path) => source.linked(path) ?? []);
  return allOf(linked.map(readChart));
}

function noChart(shown: string): Problem {
  return {
    code: "missing-file",
    severity: "error",
    file: `${shown}/Chart.yaml`,
    message: "a chart's folder has no Chart.yaml",
    remedy: "Name the folder of a Helm chart",
  };
}
