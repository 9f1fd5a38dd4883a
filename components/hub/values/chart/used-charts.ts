import type { JsonObject } from "../../../json.ts";
import type { ChartDependency, ChartValues } from "./chart-values.ts";
import { coalesceInto } from "./coalesce-charts.ts";
import { at, copyOf, isTable, mergeUnder, type Table, tableOf, valuesOf } from "./tables.ts";

/** A chart with the charts that it uses: under their aliases, without those that the values switch off. */
export function usedCharts(chart: ChartValues, userValues: JsonObject): ChartValues {
  if (chart.dependencies === undefined) return withImports(chart);
  const used = withoutUnused(chart, tableOf(userValues), []);
  // Hubs of one chart mostly use the same charts in it.
  const known = IMPORTED.get(chart) ?? new Map<string, ChartValues>();
  const key = JSON.stringify(namesIn(used));
  const imported = known.get(key) ?? withImports(used);
  IMPORTED.set(chart, known.set(key, imported));
  return imported;
}

const IMPORTED = new WeakMap<ChartValues, Map<string, ChartValues>>();

type Names = readonly (string | Names)[];
const namesIn = ({ name, charts }: ChartValues): Names => [name, ...charts.map(namesIn)];

/** @param values what is given to the chart, which becomes what it has */
function withoutUnused(chart: ChartValues, values: Table, path: readonly string[]): ChartValues {
  const { dependencies } = chart;
  if (dependencies === undefined) return chart;
  const listed = new Set(dependencies.map(({ name }) => name));
  const all = [
    ...chart.charts.filter(({ name }) => !listed.has(name)),
    ...dependencies.flatMap((dependency) => {
      const found = chart.charts.find(({ name }) => name === dependency.name);
      return found ? [{ ...found, name: nameOf(dependency) }] : [];
    }),
  ];
  const whole = coalesceInto({ ...chart, charts: all }, values, false, []);
  const unused = new Set(dependencies.filter((one) => !isUsed(one, whole, path)).map(nameOf));
  const used = dependencies.filter((dependency) => !unused.has(nameOf(dependency)));
  const { dependencies: _, ...rest } = chart;
  return {
    ...rest,
    ...(used.length > 0 ? { dependencies: used } : {}),
    charts: all
      .filter(({ name }) => !unused.has(name))
      .map((one) => (one.dependencies ? withoutUnused(one, copyOf(whole), [...path, one.name]) : one)),
  };
}

const nameOf = ({ name, alias }: ChartDependency) => alias || name;

/** The first condition that is a boolean decides, then the tags: one that is true, or none that is false. */
function isUsed({ condition = "", tags = [] }: ChartDependency, values: Table, path: readonly string[]) {
  for (const one of condition.trim().split(",")) {
    const value = one === "" ? undefined : at(values, [...path, ...one.split(".")]);
    if (typeof value === "boolean") return value;
  }
  const set = tags.map((tag) => at(values, ["tags", tag]));
  return set.includes(true) || !set.includes(false);
}

/** Gives charts the values that they take over from charts they use. */
function withImports(chart: ChartValues): ChartValues {
  const { dependencies } = chart;
  const charts = chart.charts.map(withImports);
  if (dependencies === undefined) return { ...chart, charts };
  const own = coalesceInto({ ...chart, charts }, new Map(), true, []);
  const imported: Table = new Map();
  for (const dependency of dependencies) {
    for (const one of dependency["import-values"] ?? []) {
      const { child, parent } = typeof one === "string" ? { child: `exports.${one}`, parent: "." } : one;
      const from = at(own, [nameOf(dependency), ...child.split(".")]);
      if (isTable(from)) mergeUnder(imported, below(parent, from), true);
    }
  }
  const values = copyOf(own);
  mergeUnder(values, imported, true);
  return { ...chart, charts, values: valuesOf(values) };
}

/** A table at a path of its own. */
function below(path: string, table: Table): Table {
  if (path === ".") return table;
  return path.split(".").reduceRight<Table>((inner, key) => new Map([[key, inner]]), table);
}
