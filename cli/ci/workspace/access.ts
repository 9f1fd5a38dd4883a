import { posix } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { runGit } from "../../plan/changed/repository.ts";
import type { Trees } from "./entries.ts";

const clusterSchema = z.object({
  provider: z.looseObject({ kubeconfig: z.string().optional() }).nullish(),
});

/**
 * Files by which a change decides how clusters are reached: `provider` in `cluster.yaml`, and the kubeconfig that it names. A
 * kubeconfig says which command signs in, so it is code; and an address says who gets the token.
 */
export async function accessChanges(root: string, { base, tree, catalog }: Trees): Promise<string[]> {
  const text = async (revision: string, path: string) => {
    const { code, stdout } = await runGit(root, ["cat-file", "blob", `${revision}:${path}`]);
    return code === 0 ? stdout : undefined;
  };
  const entry = async (revision: string, path: string) =>
    (await runGit(root, ["ls-tree", "--full-tree", revision, "--", path])).stdout;
  const folder = posix.join(catalog, "clusters");
  const { stdout } = await runGit(root, [
    "ls-tree",
    "-z",
    "--name-only",
    "--full-tree",
    `${tree}`,
    "--",
    `${folder}/`,
  ]);
  const changed: string[] = [];
  for (const cluster of stdout.split("\0").filter((name) => name !== "")) {
    const file = posix.join(cluster, "cluster.yaml");
    const [before, after] = [await text(base, file), await text(tree, file)];
    if (after === undefined) continue;
    const [was, is] = [providerOf(before), providerOf(after)];
    if (JSON.stringify(was) !== JSON.stringify(is)) changed.push(file);
    if (!is?.kubeconfig) continue;
    const named = posix.join(cluster, is.kubeconfig);
    const [old, now] = [await entry(base, named), await entry(tree, named)];
    if (old !== now || !now.startsWith("100")) changed.push(named);
  }
  return changed;
}

/** How a cluster is reached; what can't be read differs from everything. */
function providerOf(
  text: string | undefined,
): { kubeconfig?: string | undefined; unreadable?: string } | undefined {
  if (text === undefined) return undefined;
  try {
    return clusterSchema.parse(parse(text, { merge: true }) ?? {}).provider ?? undefined;
  } catch {
    return { unreadable: text };
  }
}
