import type { z } from "zod";
import { isObject } from "../../json.ts";
import { type ClusterFile, clusterFileSchema, hubSchema, type WrittenHub } from "./cluster-schema.ts";

/** A hub as far as it can be told, and its place in the file's list. */
interface PlacedHub {
  readonly hub: WrittenHub;
  readonly index: number;
}

/** What a file declares that its schema refuses, as far as it can be told: what is wrong between hubs shows all the same. */
export interface ReadablePart {
  readonly written: ClusterFile;
  /** The place in the file's list of each hub of `written`. */
  readonly places: readonly number[];
}

/** Stands for a chart that can't be read. */
const SOME_CHART = { oci: "oci://unknown", version: "0.0.0" };

/** @param value the file's content */
export function readablePart(value: unknown): ReadablePart {
  const { hubs: raw, ...others } = isObject(value) ? value : {};
  const hubs = (Array.isArray(raw) ? raw : []).flatMap((one, index) => readableHub(one, index));
  const rest = readable(clusterFileSchema, others);
  return {
    written: { ...clusterFileSchema.parse(rest), hubs: hubs.map(({ hub }) => hub) },
    places: hubs.map(({ index }) => index),
  };
}

/** Nothing where the hub has no name. */
function readableHub(raw: unknown, index: number): PlacedHub[] {
  if (!isObject(raw)) return [];
  const hub = hubSchema.safeParse({ chart: SOME_CHART, ...readable(hubSchema, raw) });
  return hub.success ? [{ hub: hub.data, index }] : [];
}

/** The fields of an object that are as its schema wants them. */
function readable(schema: z.ZodObject, raw: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const fields = Object.entries(schema.shape).filter(
    ([key, field]) => key in raw && (field as z.ZodType).safeParse(raw[key]).success,
  );
  return Object.fromEntries(fields.map(([key]) => [key, raw[key]]));
}
