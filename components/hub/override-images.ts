import { isObject, type JsonObject } from "./deep-merge.ts";

/** An image that settings of KubeSpawner start, and where among them it stands. */
export interface OverrideImage {
  readonly path: readonly PropertyKey[];
  readonly image: string;
}

/** The containers that KubeSpawner runs beside the user's own, as a list or by keys. */
const CONTAINERS = ["init_containers", "extra_containers"];

/** Every image that a `kubespawner_override` names: the user's own, and those of other containers. */
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

function imageAt(holder: unknown, path: readonly PropertyKey[]): OverrideImage[] {
  const image = isObject(holder) ? holder["image"] : undefined;
  return typeof image === "string" && image !== "" ? [{ path: [...path, "image"], image }] : [];
}

function entriesOf(containers: unknown): [PropertyKey, unknown][] {
  if (Array.isArray(containers)) return [...containers.entries()];
  return isObject(containers) ? Object.entries(containers) : [];
}
