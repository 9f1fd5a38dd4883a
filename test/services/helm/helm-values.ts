import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isObject, type JsonObject } from "../../../components/json.ts";

/** A chart to write: its values as a text or as JSON, and the charts in it. */
export interface WrittenChart {
  readonly name: string;
  readonly values: JsonObject | string;
  /** More of `Chart.yaml`. */
  readonly metadata?: JsonObject;
  readonly schema?: unknown;
  readonly charts?: readonly WrittenChart[];
}

const SHOW = `apiVersion: v1
kind: ConfigMap
metadata: {name: values}
data: {values: {{ .Values | toJson | b64enc }}}
`;

/** Writes a chart whose only object shows the values that its templates see. */
export function writeChart(folder: string, chart: WrittenChart, isRoot = true): string {
  mkdirSync(join(folder, "templates"), { recursive: true });
  const { name, values, metadata, schema, charts = [] } = chart;
  const about = { apiVersion: "v2", name, version: "1.0.0", ...metadata };
  writeFileSync(join(folder, "Chart.yaml"), JSON.stringify(about));
  writeFileSync(join(folder, "values.yaml"), textOf(values));
  if (schema !== undefined) writeFileSync(join(folder, "values.schema.json"), JSON.stringify(schema));
  if (isRoot) writeFileSync(join(folder, "templates/values.yaml"), SHOW);
  for (const inner of charts) writeChart(join(folder, "charts", inner.name), inner, false);
  return folder;
}

const textOf = (values: JsonObject | string) =>
  typeof values === "string" ? values : JSON.stringify(values, null, 1);

/**
 * The values that a chart's templates see, as Helm writes them in JSON.
 * @param files the files of values, lowest first
 * @throws what Helm says, where it refuses them
 */
export function valuesOfHelm(helm: string, chart: string, files: readonly string[]): string {
  const args = ["template", "release", chart, ...files.flatMap((file) => ["--values", file])];
  const home = { HELM_CACHE_HOME: chart, HELM_CONFIG_HOME: chart, HELM_DATA_HOME: chart };
  const output = execFileSync(helm, args, {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    stdio: "pipe",
    env: { ...process.env, ...home },
  });
  const encoded = /values: ([\w+/=]+)/.exec(output)?.[1] ?? "";
  return Buffer.from(encoded, "base64").toString("utf8");
}

/** JSON as Go writes it: keys sorted, and some characters escaped. */
export function goJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goJson).join(",")}]`;
  if (isObject(value)) {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, inner]) => `${goJson(key)}:${goJson(inner)}`).join(",")}}`;
  }
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, escaped);
}

const escaped = (one: string) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`;
