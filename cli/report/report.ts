import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { LecternError } from "../../components/problem/problem.ts";
import { type DeployedMap, MAP_VERSION, type MapStack } from "../../plan/map/map-file.ts";
import { mergeMaps } from "../../plan/map/merge.ts";
import { mapPage } from "../../plan/map/page/page.ts";
import { mapSummary } from "../../plan/map/summary.ts";
import { earlierMap, stacksOf } from "./map-of-files.ts";
import { readDocument } from "./read-files.ts";
import { deployDocument, driftDocument, withDeployed, withDrift } from "./run-documents.ts";
import { readSandbox } from "./stack/read-sandbox.ts";
import { readStacks, type StackChoice } from "./stack/read-stacks.ts";

export interface ReportOptions extends StackChoice {
  /** The state folder of the sandbox, instead of the stacks of the project. */
  readonly state?: string;
  /** Earlier reports: files, or folders of them. */
  readonly history?: readonly string[];
  /** What `lectern deploy --json` printed. */
  readonly deployed?: string;
  /** What `lectern drift --json` printed. */
  readonly drift?: string;
  /** Files that are written: JSON where the name says so, else a page. */
  readonly out?: readonly string[];
  readonly json?: boolean;
  /** A file to which a summary in Markdown is appended. */
  readonly summary?: string;
}

/**
 * `lectern report`: what is deployed where, as a page or as JSON. It changes nothing.
 * @returns the exit code: 1 where a stack could not be read; the others are reported all the same
 */
export async function report(root: string, options: ReportOptions): Promise<0 | 1> {
  try {
    const { map, failed } = await mapOf(root, options, () => new Date().toISOString());
    const json = `${JSON.stringify(map, null, 2)}\n`;
    const { out = [], summary } = options;
    for (const file of out) {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, options.json || file.endsWith(".json") ? json : mapPage(map));
    }
    if (summary !== undefined) await appendFile(summary, mapSummary(map));
    if (out.length === 0) process.stdout.write(options.json ? json : mapPage(map));
    for (const { stack, failure } of failed)
      process.stderr.write(`The stack ${stack} could not be read: ${failure?.message}\n`);
    return failed.length > 0 ? 1 : 0;
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

async function mapOf(root: string, options: ReportOptions, now: () => string) {
  const { state, history = [], deployed, drift } = options;
  const earlier = await earlierMap(history);
  const documents = {
    deployed:
      deployed === undefined ? undefined : await readDocument(deployed, deployDocument, ofCommand("deploy")),
    drift: drift === undefined ? undefined : await readDocument(drift, driftDocument, ofCommand("drift")),
  };
  const { read, unread } =
    state === undefined
      ? await readStacks(root, options, now)
      : { read: await readSandbox(state, now()), unread: [] };
  let stacks: MapStack[] = [...stacksOf(read, earlier), ...unread.map((one) => ({ ...one, history: [] }))];
  if (documents.deployed) stacks = withDeployed(stacks, documents.deployed);
  if (documents.drift) stacks = withDrift(stacks, documents.drift);
  const made: DeployedMap = { version: MAP_VERSION, made: now(), stacks };
  return { map: mergeMaps([earlier, made]), failed: unread };
}

const ofCommand = (command: string) => `Name a file that \`lectern ${command} --json\` of this version wrote`;
