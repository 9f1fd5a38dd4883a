import { isDeepStrictEqual } from "node:util";
import { isObject, type JsonObject } from "../../json.ts";
import type { ChartReference } from "../chart/chart-reference.ts";
import type { KubeSpawnerProfile } from "../profiles/profile-list.ts";
import type { ChartValues } from "./chart/chart-values.ts";
import { lookUp, type ValuesLayer } from "./layers.ts";

/** The chart that has a hub's own values. */
const JUPYTERHUB = "jupyterhub";

/** Whether a chart that is not in the catalog is JupyterHub's own, by its name. */
export const isJupyterhub = (chart: Exclude<ChartReference, { folder: string }>): boolean =>
  ("oci" in chart ? chart.oci.split("/").at(-1) : chart.name) === JUPYTERHUB;

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

/**
 * The profiles that users choose from, in their order. A list of tolerations in a profile replaces that of every
 * user's pod, so it gets what the hub's values have there.
 * @param given what the hub's files set
 */
export function profilesLayer(
  profiles: readonly KubeSpawnerProfile[],
  chart: ChartValues | undefined,
  given: JsonObject = {},
): ValuesLayer {
  const kept = userTolerations(given, chart);
  const profileList = kept.length === 0 ? profiles : profiles.map((profile) => tolerating(profile, kept));
  return { source: "profiles", values: under(jupyterhubPath(chart), { singleuser: { profileList } }) };
}

/** What every user's pod of a hub tolerates, as far as its files and the chart's defaults say. */
function userTolerations(given: JsonObject, chart: ChartValues | undefined): readonly JsonObject[] {
  const prefix = jupyterhubPath(chart);
  const lists = [
    ["scheduling", "userPods", "tolerations"],
    ["singleuser", "extraTolerations"],
  ].map((path) => {
    const own = lookUp(given, [...prefix, ...path]);
    return own === undefined ? defaultAt(chart, [...prefix, ...path]) : own;
  });
  return lists.flatMap((list) => (Array.isArray(list) ? list.filter(isObject) : []));
}

/** A chart's default at a path, or that of the chart in it which has the path. */
function defaultAt(chart: ChartValues | undefined, path: readonly string[]): unknown {
  if (chart === undefined) return undefined;
  const inner = chart.charts.find(({ name }) => name === path[0]);
  return lookUp(chart.values, path) ?? defaultAt(inner, path.slice(1));
}

function tolerating(profile: KubeSpawnerProfile, kept: readonly JsonObject[]): KubeSpawnerProfile {
  const { kubespawner_override: override, profile_options: options } = profile;
  return {
    ...profile,
    ...(override ? { kubespawner_override: withTolerations(override, kept) } : {}),
    ...(options ? { profile_options: mapped(options, (option) => choicesTolerating(option, kept)) } : {}),
  };
}

function choicesTolerating(option: JsonObject, kept: readonly JsonObject[]): JsonObject {
  const { choices } = option;
  if (!isObject(choices)) return option;
  const tolerant = mapped(choices, (choice) => {
    const override = isObject(choice) ? choice["kubespawner_override"] : undefined;
    if (!isObject(choice) || !isObject(override)) return choice;
    return { ...choice, kubespawner_override: withTolerations(override, kept) };
  });
  return { ...option, choices: tolerant };
}

function withTolerations(override: JsonObject, kept: readonly JsonObject[]): JsonObject {
  const { tolerations } = override;
  if (!Array.isArray(tolerations)) return override;
  const missing = kept.filter((one) => !tolerations.some((other) => isDeepStrictEqual(one, other)));
  return missing.length === 0 ? override : { ...override, tolerations: [...missing, ...tolerations] };
}

const mapped = <T, R>(object: Readonly<Record<string, T>>, change: (value: T) => R): Record<string, R> =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));

const under = (path: readonly string[], values: JsonObject): JsonObject =>
  path.reduceRight<JsonObject>((inner, key) => ({ [key]: inner }), values);
