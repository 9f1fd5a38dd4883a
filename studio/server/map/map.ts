import { relative } from "node:path";
import type { FastifyInstance } from "fastify";
import { stateOf } from "../../../cli/report/map-of-files.ts";
import type { DeployedMap } from "../../../plan/map/map-file.ts";
import type { MapAnswer } from "../../api/map.ts";
import type { StudioContext, StudioPluginOptions } from "../context.ts";
import type { ReadMap } from "./read-map.ts";

/** The routes of the page Map. They read files, and hold no credentials of a backend or a cluster. */
export async function mapRoutes(
  app: FastifyInstance,
  { studio, readMap }: StudioPluginOptions & { readonly readMap: ReadMap },
): Promise<void> {
  // A report has been checked as it was read.
  app.get("/map", async () => answerOf(studio, await readMap()));
}

async function answerOf(
  { root, deployed = { reports: [] } }: StudioContext,
  map: DeployedMap,
): Promise<MapAnswer> {
  const state = await stateOf(deployed);
  const sources = [...deployed.reports, ...(state === undefined ? [] : [state])];
  return { map, sources: sources.map((path) => relative(root, path) || ".") };
}
