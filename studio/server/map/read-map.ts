import { mapOfFiles } from "../../../cli/report/map-of-files.ts";
import { ReportCache } from "../../../cli/report/report-cache.ts";
import type { DeployedMap } from "../../../plan/map/map-file.ts";
import type { StudioContext } from "../context.ts";

/** Reads what is deployed; of files that have not changed since, what was read before. */
export type ReadMap = () => Promise<DeployedMap>;

/** One for all routes of a server. */
export function mapReader({ deployed = { reports: [] }, clock }: StudioContext): ReadMap {
  const cache = new ReportCache();
  return () => mapOfFiles(deployed, new Date(clock.now()).toISOString(), cache);
}
