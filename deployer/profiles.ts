import { join } from "node:path";
import { stringify } from "yaml";
import { type ClusterFiles, readClusterFiles } from "../components/hub/cluster-files.ts";
import type { ImageMenus } from "../components/hub/profile-images.ts";
import { renderProfileList } from "../components/hub/profile-list.ts";
import type { ProfilesFile } from "../components/hub/profiles-file.ts";
import { formatProblem, LecternError, type Problem } from "../components/problem/problem.ts";

/**
 * `lectern profiles render`: KubeSpawner's profile_list from a cluster's folder. The folder needs a
 * node-groups.json only where a profile names a node group, and a registry is asked only where a
 * profile takes its images from an entry of images.yaml.
 * @returns the exit code: 0 rendered, 1 refused
 */
export async function renderProfiles(folder: string, options: { json?: boolean }): Promise<0 | 1> {
  try {
    const cluster = await readClusterFiles(folder);
    const { profiles, nodeGroups } = cluster;
    if (!profiles) throw noProfiles(folder);
    const menus = await menusFor(profiles, cluster);
    const menuKeys = Object.keys(cluster.images);
    const list = renderProfileList(profiles, { nodeGroups, menus, menuKeys }).map(({ profile }) => profile);
    console.log(options.json ? JSON.stringify(list, null, 2) : stringify(list).trimEnd());
    return 0;
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    for (const problem of error.problems) console.error(`error: ${formatProblem(problem)}`);
    return 1;
  }
}

/** What images.yaml's entries select, of those that a profile refers to. */
async function menusFor(file: ProfilesFile, { images, folder }: ClusterFiles): Promise<ImageMenus> {
  const keys = new Set(
    file.profiles.flatMap(({ images: entry }) => (typeof entry === "string" ? [entry] : [])),
  );
  const wanted = Object.entries(images).filter(([key]) => keys.has(key));
  if (wanted.length === 0) return {};
  const { parseRepository } = await import("../components/image/reference.ts");
  const { selectFromRegistry } = await import("../components/image/selection-registry.ts");
  const { registryFromEnvironment } = await import("./registry.ts");
  const registry = registryFromEnvironment();
  const found = wanted.map(async ([key, entry]) => {
    try {
      const repository = parseRepository(entry.repository);
      const { menu } = await selectFromRegistry(registry, repository, entry.policy, Date.now());
      return { menus: [[key, { repository, menu }]] as const, problems: [] };
    } catch (error) {
      if (!(error instanceof LecternError)) throw error;
      return { menus: [], problems: error.problems.map((problem) => inImagesFile(folder, key, problem)) };
    }
  });
  const all = await Promise.all(found);
  const problems = all.flatMap((one) => one.problems);
  if (problems.length > 0) throw new LecternError(problems);
  return Object.fromEntries(all.flatMap(({ menus }) => menus));
}

/** What is wrong with a selection, at the entry that asks for it: a stack's preview says the same. */
function inImagesFile(folder: string, key: string, problem: Problem): Problem {
  const field = problem.path === undefined ? "repository" : `policy.${problem.path}`;
  return { file: join(folder, "images.yaml"), ...problem, path: `${key}.${field}` };
}

function noProfiles(folder: string): LecternError {
  return new LecternError({
    code: "unreadable-file",
    severity: "error",
    file: join(folder, "profiles.yaml"),
    message: "there is no such file",
    remedy: "Name the folder of a cluster, with profiles.yaml and node-groups.json in it",
  });
}
