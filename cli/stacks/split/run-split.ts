import { join } from "node:path";
import { didYouMean } from "../../../components/problem/nearest.ts";
import { LecternError } from "../../../components/problem/problem.ts";
import { discoverCatalog } from "../../../stacks/catalog.ts";
import type { Environment } from "../../../stacks/shards/stack-name.ts";
import { pulumiIn } from "../../pulumi/call.ts";
import { PulumiProject } from "../../pulumi/project.ts";
import { splitCluster } from "./split.ts";

/**
 * `lectern stacks split`: gives a cluster stacks of its own.
 * @returns the exit code: 1 where it can't be split; everything is as it was then
 */
export async function runSplit(
  root: string,
  cluster: string,
  { environment, catalog }: { readonly environment?: Environment; readonly catalog: string },
): Promise<0 | 1> {
  const print = (line: string) => void process.stdout.write(`${line}\n`);
  try {
    const clusters = (await discoverCatalog(join(root, catalog))).clusters.map(({ name }) => name);
    if (!clusters.includes(cluster)) {
      throw new LecternError({
        code: "unknown-cluster",
        severity: "error",
        message: `the catalog has no cluster ${JSON.stringify(cluster)}`,
        remedy: didYouMean(cluster, clusters, "Name a folder of the catalog's clusters/"),
      });
    }
    const project = await PulumiProject.open(root);
    const open = (names: readonly string[]) => project.stacks(names);
    const world = { root, clusters, call: pulumiIn(root), open, print };
    // Production first: until staging has its own stack, production takes what the old one proves.
    for (const one of environment ? [environment] : (["prod", "staging"] as const))
      await splitCluster(world, cluster, one);
    return 0;
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}
