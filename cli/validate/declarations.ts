import { dirname, relative } from "node:path";
import { type ClusterFiles, readClusterFiles } from "../../components/cluster/cluster-files.ts";
import { clusterSetProblems } from "../../components/cluster/declaration/cluster-rules.ts";
import { unheldImages } from "../../components/cluster/unheld-images.ts";
import type { ImageMenus } from "../../components/hub/profiles/profile-images.ts";
import { renderProfileList } from "../../components/hub/profiles/profile-list.ts";
import { parseRepository } from "../../components/image/reference.ts";
import {
  type KernelDeclaration,
  kernelSetProblems,
  readKernel,
} from "../../components/kernel/declaration/kernel-file.ts";
import { LecternError, type Problem } from "../../components/problem/problem.ts";

/** A folder of the catalog that is no article. */
export interface DeclarationPlace {
  readonly folder: string;
  readonly kind: "kernel" | "cluster";
}

/** What the check of a kernel or a cluster found; files are relative to its folder. */
export interface DeclarationVerdict {
  readonly place: DeclarationPlace;
  readonly problems: readonly Problem[];
}

/** Checks kernels and clusters as a deployment would, as far as that needs no service. */
export async function checkDeclarations(places: readonly DeclarationPlace[]): Promise<DeclarationVerdict[]> {
  const kernels: KernelDeclaration[] = [];
  const clusters: ClusterFiles[] = [];
  const verdicts = await Promise.all(
    places.map(async (place): Promise<DeclarationVerdict> => {
      if (place.kind === "cluster") return { place, problems: await clusterProblems(place.folder, clusters) };
      const { kernel, problems } = await readKernel(place.folder);
      if (kernel) kernels.push(kernel);
      return { place, problems };
    }),
  );
  const byFolder = <T extends { folder: string }>(all: T[]) =>
    all.sort((a, b) => (a.folder < b.folder ? -1 : 1));
  const shared = [
    ...kernelSetProblems(byFolder(kernels)),
    ...clusterSetProblems(byFolder(clusters).flatMap(({ declaration }) => declaration ?? [])),
  ];
  return verdicts.map(({ place, problems }) => ({
    place,
    problems: [...problems, ...shared.filter(({ file }) => file && dirname(file) === place.folder)].map(
      (problem) => within(place.folder, problem),
    ),
  }));
}

/** @param read gets the cluster, where it can be read */
async function clusterProblems(folder: string, read: ClusterFiles[]): Promise<readonly Problem[]> {
  try {
    const cluster = await readClusterFiles(folder);
    read.push(cluster);
    const { profiles, nodeGroups, images } = cluster;
    const warnings = unheldImages(cluster);
    if (!profiles) return warnings;
    const menus: ImageMenus = Object.fromEntries(
      Object.entries(images).map(([key, { repository }]) => [key, menuOf(repository)]),
    );
    renderProfileList(profiles, { nodeGroups, menus, menuKeys: Object.keys(images) });
    return warnings;
  } catch (error) {
    if (error instanceof LecternError) return error.problems;
    throw error;
  }
}

/** Stands for what the registry would give: which images are selected is known only in a plan. */
const menuOf = (repository: string) => ({
  repository: parseRepository(repository),
  menu: [{ name: "Recommended", tag: "r1_0_0", digest: `sha256:${"0".repeat(64)}` as const }],
});

function within(folder: string, problem: Problem): Problem {
  return problem.file === undefined ? problem : { ...problem, file: relative(folder, problem.file) };
}
