import { type ClusterFiles, chartValuesOf } from "../../cluster/cluster-files.ts";
import type { HubDeclaration } from "../../cluster/declaration/cluster-declaration.ts";
import { type ChartReference, chartName } from "../../hub/chart/chart-reference.ts";
import { hubSettings } from "../../hub/profiles/server-pod/server-pod.ts";
import { isJupyterhub, jupyterhubPath } from "../../hub/values/generated.ts";
import { hubValues } from "../../hub/values/hub-values.ts";
import { has, lookUp, type ValuesLayer } from "../../hub/values/layers.ts";
import { SchemaCompiler } from "../../hub/values/schema/schema-compiler.ts";
import { readEncrypted } from "../../hub/values/secrets/sops.ts";
import { ValuesReader } from "../../hub/values/values-reader.ts";
import { isObject, type JsonObject } from "../../json.ts";
import { allOf } from "../../problem/all.ts";

/** What every server of a hub may take, where its profile sets nothing else. */
export interface HubServers {
  /** Settings of KubeSpawner, as far as files of the catalog set them. */
  readonly settings: JsonObject;
  /** Why others may count, as a sentence without its full stop. */
  readonly unknown?: string;
}

/** The values below `singleuser` that say what a server takes. */
const SIZES = ["cpu", "memory", "extraResource"] as const;

/**
 * What the servers of hubs may take, without any key: what only a stack's configuration sets is not in it.
 * @param hubs of one cluster
 * @returns by the hub's ID
 * @throws {LecternError} where a values file can't be read
 */
export async function hubServers(
  cluster: Pick<ClusterFiles, "charts">,
  hubs: readonly HubDeclaration[],
): Promise<ReadonlyMap<string, HubServers>> {
  const reader = new ValuesReader();
  const schemas = new SchemaCompiler();
  const read = hubs.map(async (hub): Promise<[string, HubServers]> => {
    const chart = chartValuesOf(cluster, hub);
    const [files, encrypted] = await allOf([
      reader.files(hub.values),
      allOf(hub.secrets.map(({ path }) => readEncrypted(path, path))),
    ]);
    const input = { files, generated: [], secrets: [], withoutSecrets: true, schemas };
    // What is wrong with the values is reported by validation.
    const { effective } = hubValues({ ...input, ...(chart ? { chart } : {}) });
    const path = jupyterhubPath(chart);
    const own = lookUp(effective, path);
    const unknown = secretSizes(encrypted, path) ?? unknownDefaults(hub.chart);
    return [
      hub.id,
      { settings: hubSettings(isObject(own) ? own : {}), ...(unknown === undefined ? {} : { unknown }) },
    ];
  });
  return new Map(await allOf(read));
}

/** The keys of a file that is encrypted can be read. */
function secretSizes(encrypted: readonly ValuesLayer[], path: readonly string[]): string | undefined {
  const from = encrypted.find(({ values }) => SIZES.some((key) => has(values, [...path, "singleuser", key])));
  return from && `${from.source}, which is encrypted, sets what servers of the hub may take`;
}

const unknownDefaults = (chart: ChartReference): string | undefined =>
  "folder" in chart || isJupyterhub(chart)
    ? undefined
    : `the defaults of the chart ${chartName(chart)} are not in the catalog`;
