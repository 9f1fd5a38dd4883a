import type { JsonObject } from "../../../json.ts";
import { LecternError } from "../../../problem/problem.ts";
import { jsonPath } from "../../../problem/zod.ts";
import type { ChartValues } from "./chart-values.ts";
import { isTable, mergeUnder, type Table, tableOf, valuesOf, withoutNulls } from "./tables.ts";

const GLOBAL = "global";

/**
 * A chart's values under those of its user, and the same for each chart in it, which sees the `global` of
 * the charts that use it.
 * @param keepNull whether nulls stay, for values that are coalesced once more
 * @throws {LecternError} where something else than a map is given to a chart in it
 */
export function coalesceCharts(chart: ChartValues, values: JsonObject, keepNull = false): JsonObject {
  return valuesOf(coalesceInto(chart, tableOf(values), keepNull, []));
}

/** {@link coalesceCharts} in place. @param path where the chart's values are */
export function coalesceInto(
  chart: ChartValues,
  values: Table,
  keepNull: boolean,
  path: readonly string[],
): Table {
  addDefaults(chart, values, keepNull);
  for (const used of chart.charts) {
    const own = values.get(used.name) ?? (values.has(used.name) ? null : new Map());
    if (!isTable(own)) throw notAMap([...path, used.name]);
    values.set(used.name, own);
    addGlobals(own, values);
    coalesceInto(used, own, keepNull, [...path, used.name]);
  }
  return values;
}

function addDefaults(chart: ChartValues, values: Table, keepNull: boolean): void {
  const ofCharts = new Set(chart.charts.map(({ name }) => name));
  for (const [key, fallback] of tableOf(chart.values)) {
    const value = values.get(key);
    if (!values.has(key)) {
      if (keepNull) values.set(key, fallback);
      else if (fallback !== null) values.set(key, isTable(fallback) ? withoutNulls(fallback) : fallback);
    } else if (value === null) {
      if (!keepNull) values.delete(key);
    } else if (isTable(value) && isTable(fallback)) {
      // The chart in it has to see the null that takes its own default away.
      const keep = keepNull || ofCharts.has(key);
      mergeUnder(value, keep ? fallback : withoutNulls(fallback), keep);
    }
  }
}

/** The globals of the chart that uses a chart go over those that it is given. */
function addGlobals(values: Table, user: Table): void {
  const globals = values.get(GLOBAL) ?? (values.has(GLOBAL) ? null : new Map());
  const above = user.get(GLOBAL) ?? (user.has(GLOBAL) ? null : new Map());
  if (!isTable(globals) || !isTable(above)) return;
  for (const [key, value] of above) {
    const below = globals.get(key);
    if (isTable(value)) {
      // A shallow copy, as Helm's: deeper tables are the user's own, and gain what the chart adds.
      const copy: Table = new Map(value);
      if (!globals.has(key)) globals.set(key, copy);
      else if (isTable(below)) {
        mergeUnder(copy, below, true);
        globals.set(key, copy);
      }
    } else if (!isTable(below)) globals.set(key, value);
  }
  values.set(GLOBAL, globals);
}

function notAMap(path: readonly string[]): LecternError {
  return new LecternError({
    code: "wrong-type",
    severity: "error",
    path: jsonPath(path),
    message: "the values of a chart that this chart uses must be a map",
    remedy: "Write a map; {} keeps the chart's defaults",
  });
}
