import type { JsonObject } from "../../../json.ts";
import type { ChartValues } from "./chart-values.ts";
import { coalesceCharts } from "./coalesce-charts.ts";
import { usedCharts } from "./used-charts.ts";

/**
 * What a chart's templates see: the chart's values under those of its user, where null takes a default away, and
 * the same for each chart that it uses. Follows Helm 4 (`pkg/chart/common/util/coalesce.go`).
 * @throws {LecternError} where something else than a map is given to a chart in it
 */
export function coalesce(chart: ChartValues, userValues: JsonObject): JsonObject {
  return coalesceCharts(usedCharts(chart, userValues), userValues);
}
