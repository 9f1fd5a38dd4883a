import { join } from "node:path";
import type { Problem } from "../problem/problem.ts";
import type { ClusterFiles } from "./cluster-files.ts";

/** A warning for each entry of images.yaml that no profile offers: no node holds its images, because nobody starts them. */
export function unheldImages({ folder, images, profiles }: ClusterFiles): Problem[] {
  const offered = new Set(profiles?.profiles.flatMap((profile) => profile.images ?? []));
  return Object.keys(images)
    .filter((entry) => !offered.has(entry))
    .map((entry) => ({
      code: "unheld-images",
      severity: "warning",
      file: join(folder, "images.yaml"),
      path: entry,
      message: profiles
        ? "no profile of profiles.yaml offers these images, so no node holds them ready"
        : "there is no profiles.yaml that offers these images, so no node holds them ready",
      remedy: `Name ${JSON.stringify(entry)} in \`images\` of a profile, unless only its alias is to be moved`,
    }));
}
