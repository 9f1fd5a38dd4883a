import { isObject, type JsonObject } from "../../json.ts";
import { jsonPath } from "../../problem/zod.ts";
import type { ChartValues } from "./chart/chart-values.ts";
import { has, lookUp, type MergedLayers, type ValuesPath } from "./layers.ts";
import type { PlaceOf } from "./schema/schema-problems.ts";

/** Where a value comes from. */
export interface Origin {
  /** A file relative to the project, or what generated it. */
  readonly source: string;
  readonly secret: boolean;
  readonly line?: number;
  readonly column?: number;
  /** What it replaces or adds to, nearest first. */
  readonly over: readonly string[];
}

/** Where the values of a hub come from. */
export interface Provenance {
  /** What decides the value at a path; undefined where there is none. */
  originOf(path: ValuesPath): Origin | undefined;
  /** {@link PlaceOf} */
  readonly placeOf: PlaceOf;
}

/** What shows a value that nobody may see. */
export const MASK = "[secret]";

export function provenanceOf(layers: MergedLayers, chart: ChartValues | undefined): Provenance {
  const originOf = (path: ValuesPath): Origin | undefined => {
    const from = layers.layersOf(path).toReversed();
    const defaults = chart ? defaultsWith(chart, path) : [];
    const sources = [...from.map(({ source }) => source), ...defaults];
    const [source, ...over] = sources;
    if (source === undefined) return globalIn(path, originOf);
    return { source, secret: from[0]?.secret === true, ...from[0]?.locate?.(path), over };
  };
  const placeOf: PlaceOf = (path, part) => {
    for (let length = path.length; length >= 0; length--) {
      const container = path.slice(0, length);
      const layer = layers.layersOf(container).at(-1);
      const [file] = chart && layer === undefined ? defaultsWith(chart, container) : [];
      if (layer)
        return { file: layer.source, ...layer.locate?.(path, length === path.length ? part : "value") };
      if (file !== undefined && length > 0) return { file };
    }
    return {};
  };
  return { originOf, placeOf };
}

/** The files of values of a chart, and of those in it, that have a path, nearest first. */
function defaultsWith(chart: ChartValues, path: ValuesPath): string[] {
  const inner = chart.charts.find(({ name }) => name === path[0]);
  return [
    ...(has(chart.values, path) ? [chart.file] : []),
    ...(inner && path.length > 1 ? defaultsWith(inner, path.slice(1)) : []),
  ];
}

/** A chart in a chart sees the globals of the one that uses it. */
function globalIn(path: ValuesPath, originOf: (path: ValuesPath) => Origin | undefined) {
  const at = path.lastIndexOf("global");
  return at > 0 ? originOf(path.slice(at)) : undefined;
}

/** A value of a hub, and what decides it. */
export interface OriginatedValue {
  readonly path: string;
  /** `[secret]` where it is secret. */
  readonly value: unknown;
  readonly origin: Origin | undefined;
}

/** Every value below a path, maps taken apart, each with its origin. Secrets are masked. */
export function explained(
  values: JsonObject,
  { originOf }: Provenance,
  path: ValuesPath = [],
): OriginatedValue[] {
  const value = lookUp(values, path);
  if (isObject(value) && (path.length === 0 || Object.keys(value).length > 0))
    return Object.keys(value).flatMap((key) => explained(values, { originOf } as Provenance, [...path, key]));
  const origin = originOf(path);
  return [{ path: jsonPath(path), value: origin?.secret ? MASK : value, origin }];
}

/** The values with every secret masked. */
export function masked(values: JsonObject, provenance: Provenance, path: ValuesPath = []): JsonObject {
  const entries = Object.entries(values).map(([key, value]) => {
    const at = [...path, key];
    if (isObject(value) && Object.keys(value).length > 0) return [key, masked(value, provenance, at)];
    return [key, provenance.originOf(at)?.secret ? MASK : value];
  });
  return Object.fromEntries(entries);
}
