import { type DeployedMap, MAP_VERSION, type MapStack } from "../../plan/map/map-file.ts";
import { mergeMaps } from "../../plan/map/merge.ts";
import { readMaps } from "./read-files.ts";
import { ReportCache } from "./report-cache.ts";
import { mapOfStack, type ReadStack } from "./stack/map-of-stack.ts";
import { hasState, readSandbox } from "./stack/read-sandbox.ts";

/** Files that tell what is deployed; reading them takes no credentials. */
export interface MapFiles {
  /** Earlier reports: files, or folders of them. */
  readonly reports: readonly string[];
  /** The state folder of the sandbox. */
  readonly state?: string | undefined;
  /** The same where none is named: it is read once the sandbox has deployed something to it. */
  readonly usualState?: string | undefined;
}

/**
 * The map that files tell.
 * @param cache keeps what was read of reports for the next call
 * @throws {LecternError} where a file can't be read
 */
export async function mapOfFiles(
  files: MapFiles,
  now: string,
  cache: ReportCache = new ReportCache(),
): Promise<DeployedMap> {
  const [earlier, state] = [await earlierMap(files.reports, cache), await stateOf(files)];
  const read = state === undefined ? [] : await readSandbox(state, now);
  const made = { version: MAP_VERSION, made: now, stacks: stacksOf(read, earlier) } as const;
  return read.length === 0 ? earlier : mergeMaps([earlier, made]);
}

/** The state folder that is read, if there is one. */
export async function stateOf({ state, usualState }: MapFiles): Promise<string | undefined> {
  if (state !== undefined || usualState === undefined) return state;
  return (await hasState(usualState)) ? usualState : undefined;
}

/** What all reports at these paths know together. */
export async function earlierMap(
  paths: readonly string[],
  cache: ReportCache = new ReportCache(),
): Promise<DeployedMap> {
  const maps = await Promise.all(paths.map((path) => readMaps(path, cache)));
  return cache.merged(maps.flat(), mergeMaps);
}

/** Stacks that were read, with what an earlier map tells of them. */
export const stacksOf = (read: readonly ReadStack[], { stacks }: DeployedMap): MapStack[] =>
  read.map((one) =>
    mapOfStack(
      one,
      stacks.find(({ stack }) => stack === one.stack),
    ),
  );
