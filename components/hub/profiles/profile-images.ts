import { parseReference } from "../../image/reference.ts";
import type { MenuEntry } from "../../image/selection/selection.ts";
import { parseTag } from "../../image/tags/tag-grammar.ts";
import type { JsonObject } from "../../json.ts";
import { didYouMean } from "../../problem/nearest.ts";
import type { Problem } from "../../problem/problem.ts";
import { digestFaults } from "./override-images.ts";
import type { BroughtOption } from "./profile-options.ts";
import type { Profile, ProfilesFile } from "./profiles-file.ts";

/** What a menu of images offers, and from which repository. */
interface ImageMenu {
  readonly repository: string;
  readonly menu: readonly MenuEntry[];
}

/** A menu that this stack may not have yet, and why. */
interface HeldMenu {
  readonly held: string;
}

/** Menus by the keys of images.yaml. */
export type ImageMenus = Readonly<Record<string, ImageMenu | HeldMenu>>;

export interface MenuSources {
  /** What images.yaml's entries select, by their keys. */
  readonly menus?: ImageMenus;
  /** All keys of images.yaml, to name what a mistyped one may have meant. @default those of the menus */
  readonly menuKeys?: readonly string[];
}

/** One image of a profile, ready to be offered. */
interface Offered {
  readonly key: string;
  readonly name: string;
  /** `repository@sha256:…`. */
  readonly image: string;
  readonly isDefault: boolean;
}

/** A profile's images: one is its own, several are an option; problems are added to the list. */
export function profileImages(
  profile: Profile,
  index: number,
  file: ProfilesFile,
  sources: MenuSources,
  problems: Problem[],
): { override?: JsonObject; option?: BroughtOption } {
  const offered = offeredBy(profile, index, file, sources, problems);
  const [first, ...others] = offered;
  if (first === undefined) return {};
  if (others.length === 0) return { override: { image: first.image } };
  return { option: { option: { display_name: "Image", choices: choicesOf(offered) }, first: first.key } };
}

function choicesOf(offered: readonly Offered[]): JsonObject {
  return Object.fromEntries(
    offered.map(({ key, name, image, isDefault }) => [
      key,
      {
        display_name: name,
        ...(isDefault ? { default: true } : {}),
        kubespawner_override: { image },
      },
    ]),
  );
}

function offeredBy(
  { images = [] }: Profile,
  index: number,
  file: ProfilesFile,
  sources: MenuSources,
  problems: Problem[],
): Offered[] {
  const path = [index, "images"];
  if (typeof images === "string") return fromMenu(images, path, file, sources, problems);
  const offered = images.flatMap((image, position) => {
    const {
      image: text,
      display_name: name,
      default: isDefault,
    } = typeof image === "string" ? { image } : image;
    const at = typeof image === "string" ? [...path, position] : [...path, position, "image"];
    return byDigest(text, name, isDefault === true, at, file, problems);
  });
  const first = offered.map(
    ({ image }, position) => offered.findIndex((one) => one.image === image) === position,
  );
  first.forEach((isFirst, position) => {
    if (!isFirst) problems.push(file.problem([...path, position], duplicate(offered[position]?.image ?? "")));
  });
  return withOwnKeys(offered);
}

/** Two repositories may use one tag: then the digest tells their keys apart. */
function withOwnKeys(offered: readonly Offered[]): Offered[] {
  const keys = offered.map(({ key }) => key);
  return offered.map((one) => {
    const shared = keys.filter((key) => key === one.key).length > 1;
    return shared ? { ...one, key: `${one.key}-${one.image.slice(-64, -52)}` } : one;
  });
}

function fromMenu(
  key: string,
  path: readonly PropertyKey[],
  file: ProfilesFile,
  sources: MenuSources,
  problems: Problem[],
): Offered[] {
  const { menus = {}, menuKeys = Object.keys(menus) } = sources;
  const named = menuKeys.length > 0 ? `Name one of ${menuKeys.join(", ")}, add` : "Add";
  const menu = Object.hasOwn(menus, key) ? menus[key] : undefined;
  if (menu === undefined) {
    problems.push(
      file.problem(path, {
        code: "missing-images",
        message: `images.yaml has no entry ${JSON.stringify(key)}`,
        remedy: didYouMean(key, menuKeys, `${named} it there, or name images by digest in a list`),
      }),
    );
    return [];
  }
  if ("held" in menu) {
    problems.push(
      file.problem(path, {
        code: "held-images",
        message: `the images of ${JSON.stringify(key)} are held: ${menu.held}`,
        remedy: "Deploy them there first, then run this again",
      }),
    );
    return [];
  }
  return menu.menu.map(({ name, tag, digest }) => ({
    key: tag,
    name,
    image: `${menu.repository}@${digest}`,
    isDefault: false,
  }));
}

function byDigest(
  text: string,
  name: string | undefined,
  isDefault: boolean,
  path: readonly PropertyKey[],
  file: ProfilesFile,
  problems: Problem[],
): Offered[] {
  const faults = digestFaults(text);
  if (faults.length > 0) {
    problems.push(
      ...faults.map(({ code, message, remedy }) => file.problem(path, { code, message, remedy })),
    );
    return [];
  }
  const { repository, tag, digest = "" } = parseReference(text);
  const key = tag ?? digest.slice(0, "sha256:".length + 12).replace(":", "-");
  const shown = name ?? (tag === undefined ? `${repository} (${digest.slice(0, 19)}…)` : parseTag(tag).name);
  return [{ key, name: shown, image: `${repository}@${digest}`, isDefault }];
}

const duplicate = (image: string) => ({
  code: "duplicate-image",
  message: `the image ${image} is already named above`,
  remedy: "Remove one of them",
});
