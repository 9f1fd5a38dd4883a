import { isObject, type JsonObject } from "../../json.ts";

/** What `deployment` holds: it is a secret as a whole. */
export function valuesOf(deployment: string): JsonObject {
  try {
    const parsed: unknown = JSON.parse(deployment);
    return isObject(parsed) && isObject(parsed["values"]) ? parsed["values"] : {};
  } catch {
    return {};
  }
}

/**
 * The path that a hub serves below: `hub.baseUrl` of Zero to JupyterHub's values, which are below the chart's
 * name where another chart depends on it.
 */
export function basePathIn(values: JsonObject): string {
  const charts = [values, ...Object.values(values).filter(isObject)];
  const paths = charts.map((chart) => (isObject(chart["hub"]) ? chart["hub"]["baseUrl"] : undefined));
  return paths.find((path) => typeof path === "string") ?? "/";
}
