import { isObject, type JsonObject } from "../../json.ts";
import type { KubeSpawnerProfile } from "../profiles/profile-list.ts";
import type { ChartValues } from "./chart/chart-values.ts";
import { lookUp, type ValuesLayer } from "./layers.ts";

/** The chart that has a hub's own values. */
const JUPYTERHUB = "jupyterhub";

/**
 * Where a chart keeps the values of JupyterHub's own chart: at the top, or under its name or alias in a chart
 * that uses it.
 */
export function jupyterhubPath(chart: ChartValues | undefined): readonly string[] {
  if (chart === undefined || chart.name === JUPYTERHUB) return [];
  const listed = chart.dependencies?.find(({ name }) => name === JUPYTERHUB);
  if (listed) return [listed.alias || listed.name];
  for (const inner of chart.charts) {
    const path = inner.name === JUPYTERHUB ? [] : jupyterhubPath(inner);
    if (inner.name === JUPYTERHUB || path.length > 0) return [inner.name, ...path];
  }
  return [];
}

/** The profiles that users choose from, in their order. */
export function profilesLayer(
  profiles: readonly KubeSpawnerProfile[],
  chart: ChartValues | undefined,
): ValuesLayer {
  return {
    source: "profiles",
    values: under(jupyterhubPath(chart), { singleuser: { profileList: profiles } }),
  };
}

/**
 * What every user's pod of a hub tolerates by its values, which a profile's own list would replace; undefined
 * where the values don't tell, because the chart's defaults are unknown.
 */
export function userTolerations(
  effective: JsonObject,
  chart: ChartValues | undefined,
): readonly JsonObject[] | undefined {
  const at = (...path: string[]) => lookUp(effective, [...jupyterhubPath(chart), ...path]);
  const common = at("scheduling", "userPods", "tolerations");
  const own = at("singleuser", "extraTolerations");
  if (!Array.isArray(common)) return undefined;
  return [...common, ...(Array.isArray(own) ? own : [])].filter(isObject);
}

const under = (path: readonly string[], values: JsonObject): JsonObject =>
  path.reduceRight<JsonObject>((inner, key) => ({ [key]: inner }), values);
