import { z } from "zod";
import type { HubDeclaration } from "../../components/cluster/declaration/cluster-declaration.ts";
import { rollbackRefusal } from "../../components/hub/database/jupyterhub-move.ts";
import { LecternError } from "../../components/problem/problem.ts";
import type { ReleasePlan, ReleaseReader } from "./release-plan.ts";

/** What is kept of a healthy deployment. */
const deploymentSchema = z.object({
  chart: z.union([
    z.object({ folder: z.string() }),
    z.object({ repository: z.string(), name: z.string(), version: z.string() }),
    z.object({ oci: z.string(), version: z.string() }),
  ]),
  version: z.string(),
  parts: z.record(z.string(), z.string()),
  runs: z.object({ appVersion: z.string().optional(), image: z.string().optional() }),
  values: z.record(z.string(), z.unknown()),
});

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
  const { chart, version, parts, runs, values } = target;
  if ("folder" in chart && (await reader.chartDigest(chart.folder)) !== parts["chart"])
    throw new LecternError(changedChart(hub, chart.folder, version));
  const restored = hub.database === "restored";
  const refusal = rollbackRefusal({
    hub: hub.id,
    running: plan.runs,
    target: runs,
    database: plan.database,
    restored,
  });
  if (refusal) throw new LecternError(hub.at(refusal, ["rollback"]));
  // Which of the values were secrets is not kept, so all of them are.
  return { ...plan, chart, chartName: version, parts, runs, values, secretValues: values, notices: [] };
}

/** A deployment as the outputs keep it; undefined where they keep none, or none that can be read. */
export function keptDeployment(kept: string | undefined) {
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
