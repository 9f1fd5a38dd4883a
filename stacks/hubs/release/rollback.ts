import { basename } from "node:path";
import { z } from "zod";
import type { HubDeclaration } from "../../../components/cluster/declaration/cluster-declaration.ts";
import { unpackChart } from "../../../components/hub/chart/kept-chart.ts";
import { rollbackRefusal } from "../../../components/hub/database/jupyterhub-move.ts";
import type { ReleaseRecord } from "../../../components/hub/release/record/release-record.ts";
import { LecternError } from "../../../components/problem/problem.ts";
import { isDeployed } from "./deployed-release.ts";
import type { ReleasePlan, ReleaseReader } from "./release-plan.ts";

/** What is kept of a healthy deployment. */
const deploymentSchema = z.object({
  chart: z.union([
    z.object({ folder: z.string() }),
    z.object({ repository: z.string(), name: z.string(), version: z.string() }),
    z.object({ oci: z.string(), version: z.string() }),
  ]),
  /** The files of a chart of the catalog; an earlier version did not keep them. */
  packed: z.string().optional(),
  version: z.string(),
  parts: z.record(z.string(), z.string()),
  runs: z.object({ appVersion: z.string().optional(), image: z.string().optional() }),
  values: z.record(z.string(), z.unknown()),
});

type KeptDeployment = z.output<typeof deploymentSchema>;

/**
 * The last healthy deployment of a hub, in the place of what the catalog says.
 * @param kept as the last deployment's outputs have it
 * @throws {LecternError} where none is kept, its chart is gone, or its JupyterHub can't read today's database
 */
export async function rolledBack(
  hub: HubDeclaration,
  plan: ReleasePlan,
  kept: string | undefined,
  reader: Pick<ReleaseReader, "chartDigest">,
): Promise<ReleasePlan> {
  const target = keptDeployment(kept);
  if (!target) throw new LecternError(nothingKept(hub));
  const { chart, version, runs } = target;
  const before = await planOfKept(plan, target, reader);
  if (!before) throw new LecternError(changedChart(hub, "folder" in chart ? chart.folder : version, version));
  const restored = hub.database === "restored";
  const refusal = rollbackRefusal({
    hub: hub.id,
    running: plan.runs,
    target: runs,
    database: plan.database,
    restored,
  });
  if (refusal) throw new LecternError(hub.at(refusal, ["rollback"]));
  return before;
}

/** What was deployed, to be deployed again; undefined where its chart has changed, and was not kept. */
export async function planOfKept(
  plan: ReleasePlan,
  target: KeptDeployment,
  reader: Pick<ReleaseReader, "chartDigest">,
): Promise<ReleasePlan | undefined> {
  const { chart, packed, version, parts, runs, values } = target;
  const isChanged = "folder" in chart && (await digestNow(chart.folder, reader)) !== parts["chart"];
  const copy = isChanged ? await copyOfChart(target) : undefined;
  if (isChanged && !copy) return undefined;
  // Which of the values were secrets is not kept, so all of them are.
  return {
    ...plan,
    chart: copy ?? chart,
    copyOf: chart,
    packed,
    chartName: version,
    parts,
    runs,
    values,
    secretValues: values,
    notices: [],
  };
}

/** Whether a hub goes back to its last healthy deployment: it is not held, and not stopped. */
export const isRolledBack = ({ rollback, hold, retire }: HubDeclaration) => rollback && !hold && !retire;

/**
 * What a deployment says of a hub that is rolled back.
 * @param record reads Helm's record of the hub; undefined where its cluster is not contacted. The stack's outputs don't
 * say what it runs: a run that failed may have deployed something else, and left the outputs of the run before it.
 */
export async function rollbackNotice(
  { id }: HubDeclaration,
  plan: ReleasePlan,
  record: (() => Promise<Pick<ReleaseRecord, "description"> | undefined>) | undefined,
): Promise<string> {
  const does = await rollbackVerb(plan, record);
  return `the hub ${id} ${does} its last healthy deployment, ${plan.chartName}`;
}

async function rollbackVerb(
  plan: ReleasePlan,
  record: Parameters<typeof rollbackNotice>[2],
): Promise<string> {
  const unknown = "has `rollback: true`, so it gets";
  if (record === undefined) return unknown;
  try {
    const isThere = await isDeployed(plan, await record());
    return isThere ? "has `rollback: true`, and already runs" : "is rolled back to";
  } catch (error) {
    // What needs the cluster reports that it does not answer.
    if (error instanceof LecternError) return unknown;
    throw error;
  }
}

/** The digest of a chart's folder; undefined where no chart can be read there any more. */
async function digestNow(folder: string, reader: Pick<ReleaseReader, "chartDigest">) {
  return reader.chartDigest(folder).catch((error: unknown) => {
    if (error instanceof LecternError) return undefined;
    throw error;
  });
}

/**
 * Writes the chart of the last healthy deployment, which may be what a hub that stays as it is was deployed from.
 * @returns its copy; undefined where it is not of the catalog, or was not kept
 */
export async function copyOfChart(
  kept: KeptDeployment | undefined,
): Promise<{ readonly folder: string } | undefined> {
  const { chart, packed, parts } = kept ?? {};
  if (!chart || !("folder" in chart) || packed === undefined) return undefined;
  const folder = await unpackChart(packed, basename(chart.folder), parts?.["chart"] ?? "");
  return folder === undefined ? undefined : { folder };
}

/** A deployment as the outputs keep it; undefined where they keep none, or none that can be read. */
export function keptDeployment(kept: string | undefined): KeptDeployment | undefined {
  try {
    return deploymentSchema.safeParse(JSON.parse(kept ?? "")).data;
  } catch {
    return undefined;
  }
}

const nothingKept = (hub: HubDeclaration) =>
  hub.at(
    {
      code: "nothing-to-roll-back-to",
      message: `no healthy deployment of the hub ${hub.id} is known`,
      remedy: "Remove `rollback`, and correct the chart or the values",
    },
    ["rollback"],
  );

const changedChart = (hub: HubDeclaration, folder: string, version: string) =>
  hub.at(
    {
      code: "changed-chart",
      message: `the chart ${folder} has changed since the last healthy deployment of the hub ${hub.id}, which was ${version}`,
      remedy: `Restore the folder as it was then, such as by \`git checkout <commit> -- ${folder}\``,
    },
    ["rollback"],
  );
