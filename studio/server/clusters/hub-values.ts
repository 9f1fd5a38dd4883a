import type { HubDeclaration } from "../../../components/cluster/declaration/cluster-declaration.ts";
import { readLocalChart } from "../../../components/hub/chart/local-chart.ts";
import type { ChartValues } from "../../../components/hub/values/chart/chart-values.ts";
import { jupyterhubPath } from "../../../components/hub/values/generated.ts";
import { hubValues } from "../../../components/hub/values/hub-values.ts";
import { lookUp, mergeLayers } from "../../../components/hub/values/layers.ts";
import { SchemaCompiler } from "../../../components/hub/values/schema/schema-compiler.ts";
import { ValuesReader } from "../../../components/hub/values/values-reader.ts";
import type { JsonObject } from "../../../components/json.ts";

/** The values of a hub, from its chart and its files without secrets. */
export interface ReadValues {
  /** Undefined for a chart that is not in the catalog. */
  readonly chart: ChartValues | undefined;
  /** What the files set. */
  readonly set: JsonObject;
  /** As the chart's templates see them. */
  readonly effective: JsonObject;
}

/** @throws {LecternError} where a file or the chart can't be read */
export async function readHubValues(
  { values }: Pick<HubDeclaration, "values">,
  chart: ChartValues | undefined,
): Promise<ReadValues> {
  const files = await new ValuesReader().files(values);
  const input = { files, generated: [], secrets: [], withoutSecrets: true, schemas: new SchemaCompiler() };
  const { effective } = hubValues({ ...input, ...(chart ? { chart } : {}) });
  return { chart, set: mergeLayers(files).values, effective };
}

/** What the chart sets for every server, and the trait of KubeSpawner that it becomes. */
const TRAITS = [
  ["mem_guarantee", "memory", "guarantee"],
  ["mem_limit", "memory", "limit"],
  ["cpu_guarantee", "cpu", "guarantee"],
  ["cpu_limit", "cpu", "limit"],
] as const;

/** What every server of a hub gets unless its profile says otherwise. @throws {LecternError} as {@link readHubValues} */
export async function hubDefaults(
  hub: Pick<HubDeclaration, "values" | "chart">,
): Promise<Record<string, string | number>> {
  const local = "folder" in hub.chart ? await readLocalChart(hub.chart.folder) : undefined;
  const { chart, effective } = await readHubValues(hub, local?.values);
  const prefix = [...jupyterhubPath(chart), "singleuser"];
  return Object.fromEntries(
    TRAITS.flatMap(([trait, ...path]) => {
      const value = lookUp(effective, [...prefix, ...path]);
      return typeof value === "string" || typeof value === "number" ? [[trait, value]] : [];
    }),
  );
}
