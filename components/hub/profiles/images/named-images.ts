import pLimit from "p-limit";
import { parseReference, shortImage } from "../../../image/reference.ts";
import type { RegistryClient } from "../../../image/registry/registry-client.ts";
import type { JsonObject } from "../../../json.ts";
import { LecternError, type Problem } from "../../../problem/problem.ts";
import type { Profile, ProfilesFile } from "../profiles-file.ts";
import { digestFaults, fixedImagesInOverride, imagesInOverride } from "./override-images.ts";

/** An image that profiles.yaml itself names, and where. */
export interface NamedImage {
  /** `repository@sha256:…`, as it is written. */
  readonly image: string;
  readonly path: readonly PropertyKey[];
}

/** Registry requests at once. */
const PARALLEL = 8;

/** The images that profiles.yaml names by their digests; those that are malformed are reported elsewhere. */
export function namedImages({ profiles }: ProfilesFile): NamedImage[] {
  return profiles
    .flatMap((profile, index) => [
      ...listedIn(profile, index),
      ...under([index, "kubespawner_override"], imagesInOverride(profile.kubespawner_override)),
      ...Object.entries(profile.profile_options ?? {}).flatMap(([key, option]) => {
        const path = [index, "profile_options", key];
        const choices = Object.entries(option.choices ?? {}).flatMap(([name, choice]) =>
          under([...path, "choices", name, "kubespawner_override"], overridden(choice)),
        );
        const unlisted = option.unlisted_choice?.enabled
          ? fixedImagesInOverride(option.unlisted_choice.kubespawner_override)
          : [];
        return [...choices, ...under([...path, "unlisted_choice", "kubespawner_override"], unlisted)];
      }),
    ])
    .filter(({ image }) => digestFaults(image).length === 0);
}

/**
 * Asks the registries for every image that profiles.yaml names: a digest that was mistyped would fail each
 * start of a server.
 * @throws {LecternError} with every image that its registry does not have, at its place in the file
 */
export async function checkNamedImages(
  file: ProfilesFile,
  registry: () => Pick<RegistryClient, "resolve">,
): Promise<void> {
  const named = namedImages(file);
  if (named.length === 0) return;
  const client = registry();
  const texts = [...new Set(named.map(({ image }) => image))];
  const problems = await pLimit(PARALLEL).map(texts, async (text) => {
    const faults = await lookUp(text, client);
    const places = named.filter(({ image }) => image === text);
    return faults.flatMap((fault) => places.map(({ path }) => file.problem(path, fault)));
  });
  if (problems.flat().length > 0) throw new LecternError(problems.flat());
}

async function lookUp(
  text: string,
  client: Pick<RegistryClient, "resolve">,
): Promise<readonly Pick<Problem, "code" | "message" | "remedy">[]> {
  const { repository, digest = "" } = parseReference(text);
  try {
    if ((await client.resolve(repository, digest)) !== undefined) return [];
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    return error.problems.map(({ code, message, remedy }) => ({ code, message, remedy }));
  }
  return [
    {
      code: "missing-image",
      message: `the registry has no image ${shortImage(`${repository}@${digest}`)}`,
      remedy:
        "Push it first, or copy the digest of an image that exists: `lectern images select` prints them",
    },
  ];
}

function listedIn({ images }: Profile, index: number): NamedImage[] {
  if (!Array.isArray(images)) return [];
  return images.map((image, position) =>
    typeof image === "string"
      ? { image, path: [index, "images", position] }
      : { image: image.image, path: [index, "images", position, "image"] },
  );
}

const overridden = ({ kubespawner_override: override }: { kubespawner_override?: JsonObject | undefined }) =>
  imagesInOverride(override);

const under = (path: readonly PropertyKey[], images: readonly NamedImage[]): NamedImage[] =>
  images.map(({ path: inner, image }) => ({ image, path: [...path, ...inner] }));
