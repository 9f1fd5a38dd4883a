import { readdir, readFile } from "node:fs/promises";
import { join, posix } from "node:path";
import { z } from "zod";
import { allOf } from "../../../problem/all.ts";
import { LecternError, type Problem } from "../../../problem/problem.ts";
import { zodProblems } from "../../../problem/zod.ts";
import { readValuesFile } from "../file/values-file.ts";
import type { ChartValues } from "./chart-values.ts";

/**
 * Reads what a chart's folder says of values: `Chart.yaml`, `values.yaml`, `values.schema.json` and the charts
 * that it uses, in `charts` or by `file://`. Archives are not opened: the defaults of such a chart are unknown.
 * @param folder the chart's folder
 * @param shown its name in messages, relative to the project
 * @throws {LecternError} with everything that is wrong with the chart
 */
export function readChartValues(folder: string, shown: string): Promise<ChartValues> {
  return readChart(folder, shown, []);
}

/** @param users the folders of the charts that use it */
async function readChart(folder: string, shown: string, users: readonly string[]): Promise<ChartValues> {
  const file = (name: string) => `${shown}/${name}`;
  const layer = async (name: string) => {
    const text = await textAt(join(folder, name), file(name));
    return text === undefined ? undefined : readValuesFile(text, file(name));
  };
  const [chart, defaults, requirements, schema, charts] = await allOf([
    layer("Chart.yaml"),
    layer("values.yaml"),
    layer("requirements.yaml"),
    textAt(join(folder, "values.schema.json"), file("values.schema.json")),
    chartsIn(join(folder, "charts"), file("charts"), [...users, folder]),
  ]);
  if (chart === undefined) throw new LecternError(noChart(shown));
  const { data, error } = metadata.safeParse({ ...requirements?.values, ...chart.values });
  if (error)
    throw new LecternError(
      zodProblems(error, { file: chart.source, ...(chart.locate ? { locate: chart.locate } : {}) }),
    );
  const linked = await linkedCharts(data, charts, { folder, shown, users: [...users, folder] });
  return {
    name: data.name,
    values: defaults?.values ?? {},
    file: file("values.yaml"),
    ...(schema === undefined ? {} : { schema: { text: schema, file: file("values.schema.json") } }),
    ...(data.dependencies === undefined ? {} : { dependencies: data.dependencies }),
    charts: [...charts, ...linked],
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

/** The charts that `helm dependency` would copy into `charts` from other folders. */
function linkedCharts(
  { dependencies = [] }: z.infer<typeof metadata>,
  charts: readonly ChartValues[],
  { folder, shown, users }: { folder: string; shown: string; users: readonly string[] },
): Promise<ChartValues[]> {
  const linked = dependencies.flatMap(({ name, repository = "" }) => {
    const path = /^file:\/\/(.+)$/.exec(repository)?.[1];
    // A circle, which Helm refuses itself.
    const isCircle = path !== undefined && users.includes(join(folder, path));
    return path === undefined || isCircle || charts.some((chart) => chart.name === name) ? [] : [path];
  });
  const folders = [...new Set(linked)];
  return allOf(folders.map((path) => readChart(join(folder, path), posix.join(shown, path), users)));
}

async function chartsIn(folder: string, shown: string, users: readonly string[]): Promise<ChartValues[]> {
  const names = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const folders = names.filter((one) => one.isDirectory() && !/^[_.]/.test(one.name));
  return allOf(folders.map(({ name }) => readChart(join(folder, name), `${shown}/${name}`, users)));
}

async function textAt(path: string, shown: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new LecternError({
      code: "unreadable-file",
      severity: "error",
      file: shown,
      message: `the file can't be read (${code})`,
      remedy: "Make it a file that you may read",
    });
  }
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
