import { parseReference } from "../../../image/reference.ts";
import { isObject, type JsonObject } from "../../../json.ts";
import { LecternError, type Problem } from "../../../problem/problem.ts";
import { parsePlaceholder } from "../../values/image-placeholders.ts";

/** An image that settings of KubeSpawner start, and the path of the setting. */
export interface OverrideImage {
  readonly path: readonly PropertyKey[];
  readonly image: string;
}

/** The containers that KubeSpawner runs beside the user's own, as a list or by keys. */
const CONTAINERS = ["init_containers", "extra_containers"];

/**
 * Every image that a `kubespawner_override` names: the user's own, and those of other containers; without those
 * that the catalog builds, whose digests are not known before.
 */
export function imagesInOverride(override: JsonObject | undefined): OverrideImage[] {
  if (override === undefined) return [];
  return [
    ...imageAt(override, []),
    ...CONTAINERS.flatMap((trait) =>
      entriesOf(override[trait]).flatMap(([key, container]) => imageAt(container, [trait, key])),
    ),
  ];
}

/** As {@link imagesInOverride}, without those of an unlisted choice that its user completes. */
export function fixedImagesInOverride(override: JsonObject | undefined): OverrideImage[] {
  return imagesInOverride(override).filter(({ image }) => !image.includes("{value}"));
}

/** What keeps a text from naming one image for ever, by its digest. */
export function digestFaults(text: string): readonly Pick<Problem, "code" | "message" | "remedy">[] {
  try {
    return parseReference(text).digest === undefined ? [byTagOnly(text)] : [];
  } catch (error) {
    if (error instanceof LecternError) return error.problems;
    throw error;
  }
}

const byTagOnly = (text: string) => ({
  code: "image-by-tag",
  message: `${JSON.stringify(text)} has no digest, so the image that starts can change without a review`,
  remedy: "Write repository:tag@sha256:…; `lectern images select` prints the digests",
});

function imageAt(holder: unknown, path: readonly PropertyKey[]): OverrideImage[] {
  const image = isObject(holder) ? holder["image"] : undefined;
  if (typeof image !== "string" || image === "") return [];
  if (parsePlaceholder(image)?.part === "reference") return [];
  return [{ path: [...path, "image"], image }];
}

function entriesOf(containers: unknown): [PropertyKey, unknown][] {
  if (Array.isArray(containers)) return [...containers.entries()];
  return isObject(containers) ? Object.entries(containers) : [];
}
