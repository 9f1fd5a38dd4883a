import { z } from "zod";
import { LecternError } from "../../problem/problem.ts";
import { zodProblems } from "../../problem/zod.ts";
import { readValuesFile } from "../values/file/values-file.ts";
import type { ChartSource } from "./chart-source.ts";
import { linkedFolder } from "./linked-folder.ts";

const text = z.string({
  error: ({ input }) => (input === undefined ? undefined : "expected a text: put quotes around it"),
});

const importedValues = z.union([z.string(), z.object({ child: z.string(), parent: z.string() })]);

/** What counts of the `Chart.yaml` of any chart. */
export const usedChartYaml = z.object({
  name: text,
  dependencies: z
    .array(
      z.object({
        name: text,
        version: text.exactOptional(),
        /** `https://…`, `oci://…` or `file://../other`. */
        repository: text.exactOptional(),
        alias: z.string().exactOptional(),
        condition: z.string().exactOptional(),
        tags: z.array(z.string()).exactOptional(),
        "import-values": z.array(importedValues).exactOptional(),
      }),
    )
    .nullish(),
});

/** What counts of the `Chart.yaml` of a chart that is installed; Helm knows more keys. */
export const installedChartYaml = usedChartYaml.extend({
  apiVersion: z.enum(["v1", "v2"]),
  name: text.regex(/^[a-zA-Z0-9._-]+$/, "expected letters, digits, ., - and _"),
  version: text.regex(
    /^v?\d+(\.\d+){0,2}(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/,
    "expected a version such as 1.2.3",
  ),
  /** The version of what the chart installs. */
  appVersion: text.exactOptional(),
  type: z
    .string()
    .refine((type) => type !== "library", "a library chart can't be installed")
    .exactOptional(),
});

/** `Chart.yaml`, as far as it counts here. */
export type ChartYaml = z.output<typeof usedChartYaml>;

/**
 * Reads `Chart.yaml` as Helm does, with the dependencies that an older chart lists in `requirements.yaml`.
 * @throws {LecternError} with every problem, each with its line
 */
export async function readChartYaml<T extends ChartYaml>(
  source: ChartSource,
  schema: z.ZodType<T>,
): Promise<T> {
  const layer = async (name: string) => {
    const content = await source.text(name);
    return content === undefined ? undefined : readValuesFile(content, `${source.shown}/${name}`);
  };
  const [chart, requirements] = await Promise.all([layer("Chart.yaml"), layer("requirements.yaml")]);
  if (chart === undefined) throw new LecternError(noChartYaml(source.shown));
  const { data, error } = schema.safeParse({ ...requirements?.values, ...chart.values });
  if (!error) return data;
  throw new LecternError(
    zodProblems(error, { file: chart.source, ...(chart.locate ? { locate: chart.locate } : {}) }),
  );
}

/** The paths of the charts in other folders that a chart takes, relative to its own: Helm copies them into it. */
export const linkedFolders = ({ dependencies }: ChartYaml): string[] =>
  (dependencies ?? []).flatMap(({ repository = "" }) => linkedFolder(repository) ?? []);

const noChartYaml = (shown: string) => ({
  code: "missing-file",
  severity: "error" as const,
  file: `${shown}/Chart.yaml`,
  message: "the chart has no Chart.yaml, which says its name and version",
  remedy: "Add it, or remove the folder from charts/",
});
