import { isDeepStrictEqual } from "node:util";
import { isObject, type JsonObject } from "../../json.ts";
import { LecternError, type Problem } from "../../problem/problem.ts";
import { jsonPath } from "../../problem/zod.ts";
import type { ChartValues } from "./chart/chart-values.ts";
import { coalesceCharts } from "./chart/coalesce-charts.ts";
import { usedCharts } from "./chart/used-charts.ts";
import { lookUp, type MergedLayers, mergeLayers, type ValuesLayer, type ValuesPath } from "./layers.ts";
import { type Provenance, provenanceOf } from "./provenance.ts";
import type { SchemaCompiler } from "./schema/schema-compiler.ts";
import { schemaProblems } from "./schema/schema-problems.ts";

/** What the values of a hub are made of, each list lowest first. */
export interface HubValuesInput {
  /** The hub's chart; undefined where it is not in the catalog, so that its defaults and schema are unknown. */
  readonly chart?: ChartValues;
  /** The files that `cluster.yaml` names: the cluster's, the environment's, the hub's. */
  readonly files: readonly ValuesLayer[];
  /** What Lectern generates: profiles, images. */
  readonly generated: readonly ValuesLayer[];
  readonly secrets: readonly ValuesLayer[];
  /** Whether secrets are left out, so that what only they set is no missing value. @default false */
  readonly withoutSecrets?: boolean;
  readonly schemas: SchemaCompiler;
}

/** The values of a hub. */
export interface HubValues {
  /** What the release is given: nulls that take a chart's defaults away are in it. */
  readonly userSupplied: JsonObject;
  /** What the chart's templates see. Of a chart that isn't in the catalog: the same as `userSupplied`. */
  readonly effective: JsonObject;
  readonly provenance: Provenance;
  readonly problems: readonly Problem[];
}

/** Merges the values of a hub as Helm does, and checks them against the chart's schema, if it has one. */
export function hubValues(input: HubValuesInput): HubValues {
  const layers = mergeLayers([...input.files, ...input.generated, ...input.secrets]);
  const provenance = provenanceOf(layers, input.chart);
  const replaced = replacedByGenerated(input);
  try {
    const used = input.chart && usedCharts(input.chart, layers.values);
    const effective = used ? coalesceCharts(used, layers.values) : layers.values;
    const invalid = used ? checked(used, effective, [], input, provenance) : [];
    const problems = [...replaced, ...invalid];
    return { userSupplied: layers.values, effective, provenance, problems };
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    const problems = [...replaced, ...error.problems.map((problem) => placed(problem, layers))];
    return { userSupplied: layers.values, effective: layers.values, provenance, problems };
  }
}

/** Checks the values of a chart, and of each that it uses, as Helm does. */
function checked(
  chart: ChartValues,
  values: JsonObject,
  path: ValuesPath,
  input: HubValuesInput,
  { placeOf }: Provenance,
): Problem[] {
  const compiled = chart.schema && input.schemas.compile(chart.schema);
  const own =
    compiled === undefined || !("errorsOf" in compiled)
      ? [compiled ?? []].flat()
      : schemaProblems(compiled.errorsOf(values), { schema: compiled.schema, values, path, placeOf });
  const ofUsed = chart.charts.flatMap((used) => {
    const given = values[used.name];
    return isObject(given)
      ? checked(used, given, [...path, used.name], input, { placeOf } as Provenance)
      : [];
  });
  const isKnown = ({ code }: Problem) => !(input.withoutSecrets && code === "missing-field");
  return [...own.filter(isKnown), ...ofUsed];
}

/** What Lectern generates goes over what a file sets: whoever wrote that should know. */
function replacedByGenerated({ files, generated }: HubValuesInput): Problem[] {
  const below = mergeLayers(files);
  return generated.flatMap((layer) =>
    leaves(layer.values).flatMap((path) => {
      const from = below.layersOf(path).at(-1);
      if (!from || isDeepStrictEqual(lookUp(below.values, path), lookUp(layer.values, path))) return [];
      return [replaced(path, from, layer.source)];
    }),
  );
}

function leaves(value: unknown, path: ValuesPath = []): ValuesPath[] {
  if (!isObject(value)) return [path];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]));
}

const replaced = (path: ValuesPath, { source, locate }: ValuesLayer, by: string): Problem => ({
  code: "replaced-value",
  severity: "warning",
  file: source,
  ...locate?.(path, "key"),
  path: jsonPath(path),
  message: `the cluster's ${by} replace this value`,
  remedy: "Remove it here",
});

/** Adds the file to a problem that has a path of maps alone. */
function placed(problem: Problem, layers: MergedLayers): Problem {
  const path = problem.path?.split(".") ?? [];
  const from = layers.layersOf(path).at(-1);
  return from ? { ...problem, file: from.source, ...from.locate?.(path) } : problem;
}
