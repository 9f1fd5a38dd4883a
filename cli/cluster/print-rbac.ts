import { join, relative } from "node:path";
import { stringify } from "yaml";
import { textOf } from "../../components/cluster/cluster-files.ts";
import { DEFAULT_CLUSTER } from "../../components/cluster/config.ts";
import { readClusterYaml } from "../../components/cluster/declaration/read-cluster.ts";
import { didYouMean } from "../../components/problem/nearest.ts";
import { LecternError } from "../../components/problem/problem.ts";
import { type Catalog, discoverCatalog } from "../../stacks/catalog.ts";
import { type Account, rbacManifests, type Subject } from "./rbac.ts";

export interface RbacOptions extends Readonly<Record<Account, Subject>> {
  readonly catalog: string;
  readonly prepullNamespace?: string;
}

/**
 * `lectern cluster rbac`: prints the roles that CI's accounts need in a cluster, for `kubectl apply`.
 * @returns the exit code: 1 where there is no such cluster, or its file has a problem
 */
export async function printRbac(root: string, name: string, options: RbacOptions): Promise<0 | 1> {
  try {
    const { catalog, prepullNamespace = DEFAULT_CLUSTER.namespace, ...subjects } = options;
    const found = await discoverCatalog(join(root, catalog));
    const cluster = await clusterOf(found, name);
    const warmsUp = await hasEvents(found, name);
    const manifests = rbacManifests({ cluster, subjects, prepullNamespace, warmsUp });
    process.stdout.write(manifests.map((manifest) => `---\n${stringify(manifest)}`).join(""));
    return 0;
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

/** Whether people are expected at events of a cluster's hubs. */
async function hasEvents({ calendar }: Catalog, name: string): Promise<boolean> {
  if (calendar === undefined) return false;
  const { readCalendar } = await import("../../components/calendar/read-calendar.ts");
  const events = await readCalendar(calendar, { offline: true });
  return events.some(({ hub, people }) => people > 0 && hub?.split("/")[0] === name);
}

async function clusterOf({ clusters }: Catalog, name: string) {
  const found = clusters.find((one) => one.name === name);
  if (!found) {
    const names = clusters.map((one) => one.name);
    throw new LecternError({
      code: "unknown-cluster",
      severity: "error",
      message: `the catalog has no cluster ${JSON.stringify(name)}`,
      remedy: didYouMean(name, names, "Name a folder of the catalog's clusters/"),
    });
  }
  const file = join(found.folder, "cluster.yaml");
  const text = await textOf(file);
  // A cluster without hubs has its prepuller alone.
  return text === undefined ? { hubs: [] } : readClusterYaml(text, relative(process.cwd(), file));
}
