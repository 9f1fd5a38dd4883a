import { join } from "node:path";
import { stringify } from "yaml";
import { type ClusterFiles, readClusterFiles } from "../../components/cluster/cluster-files.ts";
import { checkNamedImages } from "../../components/hub/profiles/images/named-images.ts";
import { type ImageMenus, isEntry } from "../../components/hub/profiles/images/profile-images.ts";
import { type KubeSpawnerProfile, renderProfileList } from "../../components/hub/profiles/profile-list.ts";
import type { ProfilesFile } from "../../components/hub/profiles/profiles-file.ts";
import type { RegistryClient } from "../../components/image/registry/registry-client.ts";
import { ofEntry } from "../../components/image/selection/images-file.ts";
import { allOf } from "../../components/problem/all.ts";
import { formatProblem, LecternError } from "../../components/problem/problem.ts";

/**
 * `lectern profiles render`: KubeSpawner's profile_list from a cluster's folder. node-groups.json is
 * needed only if a profile names a node group, and a registry only if a profile takes its images from
 * an entry of images.yaml.
 * @returns the exit code: 0 rendered, 1 rejected
 */
export async function renderProfiles(folder: string, options: { json?: boolean }): Promise<0 | 1> {
  try {
    const cluster = await readClusterFiles(folder);
    const { profiles } = cluster;
    if (!profiles) throw noProfiles(folder);
    const list = await profileListOf(cluster, profiles);
    console.log(options.json ? JSON.stringify(list, null, 2) : stringify(list).trimEnd());
    return 0;
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    for (const problem of error.problems) console.error(`error: ${formatProblem(problem)}`);
    return 1;
  }
}

/**
 * The profiles of a cluster, with the images that its registries have now.
 * @throws {LecternError} with every problem of the files, or where a registry doesn't answer
 */
export async function profileListOf(
  cluster: ClusterFiles,
  profiles: ProfilesFile,
): Promise<KubeSpawnerProfile[]> {
  const menus = await menusFor(profiles, cluster);
  await checkNamedImages(profiles, await registry());
  const { nodeGroups, images } = cluster;
  const sources = { nodeGroups, menus, menuKeys: Object.keys(images) };
  return renderProfileList(profiles, sources).map(({ profile }) => profile);
}

/** The client is loaded only for folders that have an image to look up. */
async function registry(): Promise<() => RegistryClient> {
  const { registryFromEnvironment } = await import("./registry.ts");
  return registryFromEnvironment;
}

/** What the entries of images.yaml that a profile refers to select. */
async function menusFor(file: ProfilesFile, { images }: ClusterFiles): Promise<ImageMenus> {
  const keys = new Set(file.profiles.flatMap(({ images: named }) => [named].flat().filter(isEntry)));
  const wanted = Object.entries(images).filter(([key]) => keys.has(key));
  if (wanted.length === 0) return {};
  const { parseRepository } = await import("../../components/image/reference.ts");
  const { selectFromRegistry } = await import("../../components/image/selection/selection-registry.ts");
  const client = (await registry())();
  const menus = wanted.map(([key, entry]) =>
    ofEntry(entry, async () => {
      const repository = parseRepository(entry.repository);
      const selection = await selectFromRegistry(client, repository, entry.policy, Date.now());
      const { alias, displayName, policy } = entry;
      return [key, { repository, alias, displayName, immutable: policy.immutable, ...selection }] as const;
    }),
  );
  return Object.fromEntries(await allOf(menus));
}

function noProfiles(folder: string): LecternError {
  return new LecternError({
    code: "unreadable-file",
    severity: "error",
    file: join(folder, "profiles.yaml"),
    message: "the file does not exist",
    remedy: "Name the folder of a cluster, which contains profiles.yaml and node-groups.json",
  });
}
