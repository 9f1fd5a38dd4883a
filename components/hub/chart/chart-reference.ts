import { z } from "zod";

const exactVersion = z
  .string()
  .regex(/^v?\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/, "expected an exact version such as 4.4.0");

/** How `cluster.yaml` names a chart. */
export const chartSchema = z.union(
  [
    z.string().regex(/^[\w.-]+$/, "expected a folder of the catalog's charts/"),
    z.strictObject({
      repository: z.url({ protocol: /^https?$/ }).describe("The URL of a chart repository"),
      name: z.string().min(1).describe("The chart's name there"),
      version: exactVersion.describe("Its exact version"),
    }),
    z.strictObject({
      oci: z
        .string()
        .regex(/^oci:\/\/./, "expected oci://…")
        .describe("The chart on an OCI registry, without a tag"),
      version: exactVersion.describe("Its exact version"),
    }),
  ],
  "expected a folder of the catalog's charts/, or repository, name and version, or oci and version",
);

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
