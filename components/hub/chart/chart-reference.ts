import { join } from "node:path";
import { z } from "zod";

const exactVersion = z
  .string()
  .regex(/^v?\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/, "expected an exact version such as 4.4.0");

const remoteChart = z
  .strictObject({
    repository: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe("The URL of a chart repository"),
    name: z.string().min(1).optional().describe("The chart's name in that repository"),
    oci: z
      .string()
      .regex(/^oci:\/\/./, "expected oci://…")
      .optional()
      .describe("The chart on an OCI registry, without a tag, instead of repository and name"),
    version: exactVersion.describe("Its exact version"),
  })
  .refine(
    ({ repository, name, oci }) => (oci === undefined) === (repository !== undefined && name !== undefined),
    "expected `repository` and `name`, or `oci`",
  );

/** How `cluster.yaml` names a chart. */
export const chartSchema = z.union([
  z.string().regex(/^[\w.-]+$/, "expected a folder of the catalog's charts/"),
  remoteChart,
]);

/** Where a chart comes from. */
export type ChartReference =
  /** A folder of the catalog, relative to the project. */
  | { readonly folder: string }
  | { readonly repository: string; readonly name: string; readonly version: string }
  | { readonly oci: string; readonly version: string };

/** `hub`, `jupyterhub 4.4.0` or `oci://registry/jupyterhub 4.4.0`, for people. */
export function chartName(chart: ChartReference): string {
  if ("folder" in chart) return chart.folder.split("/").at(-1) ?? chart.folder;
  return `${"oci" in chart ? chart.oci : chart.name} ${chart.version}`;
}

/** @param charts the folder that has the charts of the catalog */
export function chartReference(written: z.output<typeof chartSchema>, charts: string): ChartReference {
  if (typeof written === "string") return { folder: join(charts, written) };
  const { repository = "", name = "", oci, version } = written;
  return oci === undefined ? { repository, name, version } : { oci, version };
}
