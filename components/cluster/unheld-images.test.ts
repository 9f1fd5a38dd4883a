import { expect, it } from "vitest";
import { readProfiles } from "../hub/profiles/profiles-file.ts";
import { readImagesFile } from "../image/selection/images-file.ts";
import { formatProblem } from "../problem/problem.ts";
import { unheldImages } from "./unheld-images.ts";

const images = readImagesFile(
  "science: {repository: lectern/lab, policy: {}}\ngpu: {repository: lectern/gpu, policy: {}}\n",
  "images.yaml",
);
const cluster = (profiles?: string) => ({
  name: "campus",
  folder: "campus",
  images,
  charts: new Map(),
  namedImages: [],
  nodeGroups: [],
  ...(profiles === undefined ? {} : { profiles: readProfiles(profiles, "profiles.yaml") }),
});

it("reports nothing where profiles offer every entry, alone or among several", () => {
  const profiles = "- {display_name: A, images: science}\n- {display_name: B, images: [gpu, science]}\n";
  expect(unheldImages(cluster(profiles))).toEqual([]);
});

it("reports an entry that no profile offers", () => {
  expect(unheldImages(cluster("- {display_name: A, images: science}\n")).map(formatProblem)).toEqual([
    'campus/images.yaml gpu: no profile of profiles.yaml offers these images, so no node holds them ready. Name "gpu" in `images` of a profile, unless only its alias is to be moved.',
  ]);
});

it("reports every entry where there is no profiles.yaml", () => {
  expect(unheldImages(cluster()).map(({ path }) => path)).toEqual(["science", "gpu"]);
});
