import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { readNodeGroups } from "../components/hub/node-groups.ts";
import type { ImageMenus } from "../components/hub/profile-images.ts";
import { imagesOf, renderProfileList } from "../components/hub/profile-list.ts";
import { type ProfilesFile, readProfiles } from "../components/hub/profiles-file.ts";
import { formatProblem, LecternError, type Problem } from "../components/problem/problem.ts";

/**
 * `lectern profiles render`: KubeSpawner's profile_list from a cluster's folder. The folder needs a
 * node-groups.json only where a profile names a node group, and a registry is asked only where a
 * profile takes its images from an entry of images.yaml.
 * @returns the exit code: 0 rendered, 1 refused
 */
export async function renderProfiles(folder: string, options: { json?: boolean }): Promise<0 | 1> {
  try {
    const profilesPath = join(folder, "profiles.yaml");
    const groupsPath = join(folder, "node-groups.json");
    const [groups, file] = await both(
      exists(groupsPath).then(async (there) =>
        there ? readNodeGroups(await text(groupsPath), groupsPath) : [],
      ),
      text(profilesPath).then((content) => readProfiles(content, profilesPath)),
    );
    const menus = await menusFor(file, folder);
    const rendered = renderProfileList(file, { nodeGroups: groups, menus });
    const list = rendered.map(({ profile }) => profile);
    for (const { image } of imagesOf(rendered)) warnOfTag(image);
    console.log(options.json ? JSON.stringify(list, null, 2) : stringify(list).trimEnd());
    return 0;
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    for (const problem of error.problems) console.error(`error: ${formatProblem(problem)}`);
    return 1;
  }
}

/** Both results, or the problems of both. */
async function both<A, B>(left: Promise<A>, right: Promise<B>): Promise<[A, B]> {
  const [a, b] = await Promise.allSettled([left, right]);
  if (a.status === "fulfilled" && b.status === "fulfilled") return [a.value, b.value];
  const reasons: unknown[] = [a, b].flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
  const problems = reasons.flatMap((reason): readonly Problem[] => {
    if (reason instanceof LecternError) return reason.problems;
    throw reason;
  });
  throw new LecternError(problems);
}

/** What images.yaml's entries select, of those that a profile refers to. */
async function menusFor(file: ProfilesFile, folder: string): Promise<ImageMenus> {
  const keys = new Set(file.profiles.flatMap(({ images }) => (typeof images === "string" ? [images] : [])));
  const path = join(folder, "images.yaml");
  if (keys.size === 0 || !(await exists(path))) return {};
  const { readImagesFile } = await import("../components/image/images-file.ts");
  const { parseRepository } = await import("../components/image/reference.ts");
  const { selectFromRegistry } = await import("../components/image/selection-registry.ts");
  const { registryFromEnvironment } = await import("./registry.ts");
  const registry = registryFromEnvironment();
  const wanted = Object.entries(readImagesFile(await text(path), path)).filter(([key]) => keys.has(key));
  const menus = wanted.map(async ([key, entry]) => {
    const repository = parseRepository(entry.repository);
    const { menu } = await selectFromRegistry(registry, repository, entry.policy, Date.now());
    return [key, { repository, menu }] as const;
  });
  return Object.fromEntries(await Promise.all(menus));
}

function warnOfTag(image: string): void {
  if (image.includes("@sha256:")) return;
  const problem: Problem = {
    code: "image-by-tag",
    severity: "warning",
    message: `the image ${image} is named without a digest, so what starts may change without a review`,
    remedy: "Write repository@sha256:…",
  };
  console.error(`warning: ${formatProblem(problem)}`);
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

async function text(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new LecternError({
      code: "unreadable-file",
      severity: "error",
      file: path,
      message: `the file can't be read (${reason})`,
      remedy: "Name the folder of a cluster, with profiles.yaml and node-groups.json in it",
    });
  }
}
