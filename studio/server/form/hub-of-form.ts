import { type ClusterFiles, chartValuesOf } from "../../../components/cluster/cluster-files.ts";
import { type ReadValues, readHubValues } from "../clusters/hub-values.ts";
import { Refused } from "../refused.ts";
import { type WhichForm, whichForm } from "./which-form.ts";

/**
 * What a hub of a cluster says of its form, from its files of values without secrets; of a cluster without
 * cluster.yaml, what is the rule.
 * @param name the hub's; the first where none is asked for
 */
export async function hubOfForm(
  cluster: ClusterFiles,
  name: string | undefined,
): Promise<Pick<ReadValues, "chart" | "set"> & { readonly form: WhichForm }> {
  const { hubs = [] } = cluster.declaration ?? {};
  const hub = name === undefined ? hubs[0] : hubs.find((one) => one.name === name);
  if (name !== undefined && hub === undefined) throw noHub(name);
  if (hub === undefined) return { chart: undefined, set: {}, form: { kind: "kubespawner" } };
  const { chart, set, effective } = await readHubValues(hub, chartValuesOf(cluster, hub));
  return { chart, set, form: whichForm(effective, chart) };
}

const noHub = (name: string) =>
  new Refused(404, {
    code: "unknown-hub",
    message: `the cluster has no hub ${JSON.stringify(name)}`,
    remedy: "Choose one of the hubs that the page lists",
  });
