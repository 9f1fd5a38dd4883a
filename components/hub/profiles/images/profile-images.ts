import { parseReference } from "../../../image/reference.ts";
import type { MenuEntry, PrepulledImage } from "../../../image/selection/selection.ts";
import { fixedBy, shownName } from "../../../image/tags/immutable-forms.ts";
import { parseTag } from "../../../image/tags/tag-grammar.ts";
import type { JsonObject } from "../../../json.ts";
import { didYouMean } from "../../../problem/nearest.ts";
import type { Problem } from "../../../problem/problem.ts";
import { type BroughtOption, choiceKey } from "../profile-options.ts";
import type { Profile, ProfilesFile } from "../profiles-file.ts";
import { digestFaults } from "./override-images.ts";

/** What a menu of images offers, and from which repository. */
export interface ImageMenu {
  readonly repository: string;
  readonly menu: readonly MenuEntry[];
  /** The tags that stand for the digests of the menu. @default none */
  readonly prepull?: readonly PrepulledImage[];
  /** What the head of the menu is, where something is recommended. */
  readonly recommended?: PrepulledImage | undefined;
  /** The moving tag of the entry in images.yaml: the key of the menu's head. */
  readonly alias?: string | undefined;
  /** What it is called in a profile that offers several. @default its key in images.yaml */
  readonly displayName?: string | undefined;
  /** Which tags name one image for good, as the entry's policy lists them. @default the wide forms */
  readonly immutable?: readonly string[] | undefined;
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
  const entries = images.filter((image) => typeof image === "string" && isEntry(image));
  const offered = images.map((image, position) => {
    const at = [...path, position];
    if (typeof image !== "string") {
      const { image: text, display_name: name, default: isDefault } = image;
      return byDigest(text, name, isDefault === true, [...at, "image"], file, problems);
    }
    if (!isEntry(image)) return byDigest(image, undefined, false, at, file, problems);
    const menu = fromMenu(image, at, file, sources, problems);
    return images.length === 1 ? menu : ofSeveral(image, nameOf(image, sources), menu, image === entries[0]);
  });
  offered.forEach((some, position) => {
    const above = offered.slice(0, position).flat();
    const named = images[position];
    const isTwice = isEntry(named)
      ? images.indexOf(named) < position
      : some.some(({ image }) => above.some((one) => one.image === image));
    const what = isEntry(named) ? `entry ${JSON.stringify(named)}` : `image ${some[0]?.image}`;
    if (isTwice) problems.push(file.problem([...path, position], duplicate(what)));
  });
  return withOwnKeys(offered.flat());
}

/** Whether a text names an entry of images.yaml, rather than an image. */
export const isEntry = (text: unknown): text is string =>
  typeof text === "string" && /^[\w.-]{1,63}$/.test(text);

/**
 * The menu of one entry among several: the entry's name tells whose `Recommended` it is. The first keeps the
 * keys that it has alone, so that adding an entry changes no choice that a user has saved.
 */
const ofSeveral = (entry: string, name: string, menu: readonly Offered[], isFirst: boolean): Offered[] =>
  menu.map((one) => ({
    ...one,
    name: `${name}: ${one.name}`,
    key: isFirst ? one.key : `${entry}.${one.key}`,
  }));

function nameOf(entry: string, { menus = {} }: MenuSources): string {
  const menu = Object.hasOwn(menus, entry) ? menus[entry] : undefined;
  return (menu && "menu" in menu ? menu.displayName : undefined) ?? entry;
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
  return entriesOf(menu).map(({ key: own, name, digest }) => ({
    key: own,
    name,
    image: `${menu.repository}@${digest}`,
    isDefault: false,
  }));
}

/** The key of what is recommended where no alias is moved: users who save that choice follow it. */
const RECOMMENDED = "recommended";

/**
 * The entries of a menu, each with a key that stays what it is: hubs save a user's choice by it. The head has
 * the alias's name, whatever it stands for today. Its image is offered under its own tag besides, for users
 * who chose that before it was recommended, and who want to stay with it.
 */
function entriesOf({ menu, prepull = [], recommended, alias, immutable }: ImageMenu) {
  const [head, ...rest] = menu;
  const others = rest.map((entry) => ({ ...entry, key: choiceKey(entry.tag) }));
  if (head === undefined || recommended === undefined)
    return menu.map((entry) => ({ ...entry, key: choiceKey(entry.tag) }));
  const fixes = fixedBy(immutable);
  const isFixed = (tag: string | undefined) => tag !== undefined && fixes(parseTag(tag));
  const key = alias ?? (isFixed(head.tag) ? RECOMMENDED : head.tag);
  const own = [head.tag, prepull.find(({ digest }) => digest === head.digest)?.tag].find(isFixed);
  const isOffered = own === undefined || rest.some(({ tag }) => tag === own);
  const dated = isOffered ? [] : [{ ...head, name: shownName(own, fixes), key: choiceKey(own) }];
  return [
    { ...head, key: choiceKey(key) },
    ...[...dated, ...others].filter((entry) => entry.key !== choiceKey(key)),
  ];
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
  const key = choiceKey(tag ?? digest.slice(0, "sha256:".length + 12).replace(":", "-"));
  const shown = name ?? (tag === undefined ? `${repository} (${digest.slice(0, 19)}…)` : shownName(tag));
  return [{ key, name: shown, image: `${repository}@${digest}`, isDefault }];
}

const duplicate = (what: string) => ({
  code: "duplicate-image",
  message: `the ${what} is already named above`,
  remedy: "Remove one of them",
});
