import { existsSync } from "node:fs";
import { posix, relative, sep } from "node:path";
import { SCHEME } from "../../../components/hub/values/image-placeholders.ts";
import { isObject } from "../../../components/json.ts";
import type {
  ArticleFacts,
  CatalogFacts,
  ClusterFolderFacts,
  FolderFacts,
} from "../../../plan/deployment/catalog-facts.ts";
import { removedFolders } from "../../../plan/deployment/changes/removed-folders.ts";
import { articlesIn, discoverCatalog } from "../../../stacks/catalog.ts";
import { calendarFacts } from "./calendar-facts.ts";
import { chartFacts } from "./chart-facts.ts";
import { clusterFacts } from "./cluster-facts.ts";
import { textOf } from "./lenient.ts";
import { quickYaml, Unreadable } from "./quick-yaml.ts";

/** Gives the text of a file as the base has it, by its path from the repository's root. */
export type BaseText = (path: string) => string | undefined;

/**
 * What the planner needs to know of a catalog; what it may not need is read when it asks.
 * @param root the repository's
 * @param catalog the catalog's folder, from there
 * @param base undefined where the base is unknown
 */
export async function readCatalogFacts(
  root: string,
  catalog: string,
  changed: readonly string[],
  base?: BaseText,
): Promise<CatalogFacts> {
  const found = await discoverCatalog(posix.join(root, catalog));
  const inRepository = (path: string) => relative(root, path).split(sep).join("/");
  const folders = (entries: readonly FolderFacts[]) =>
    entries.map(({ name, folder }) => ({ name, folder: inRepository(folder) }));
  const read = fileReader(root);
  const images = folders(found.images);
  const clusters = folders(found.clusters);
  const reader = clusterReader(root, read, images, base);
  return {
    folder: catalog,
    articles: articlesIn(found).map(({ kind, name, folder }): ArticleFacts => {
      const own = inRepository(folder);
      return { type: kind, name, folder: own, kernels: once(() => kernelsNamed(read(`${own}/course.json`))) };
    }),
    kernels: folders(found.kernels).map(({ name, folder }) => ({
      name,
      folder,
      displayName: once(() => displayName(read(`${folder}/kernel.yaml`), `${folder}/kernel.yaml`)),
    })),
    images,
    clusters: [...clusters, ...removedClusters(posix.join(catalog, "clusters"), clusters, changed)].map(
      reader,
    ),
    charts: chartFacts(folders(found.charts), read),
    calendar: calendarFacts(root, posix.join(catalog, "calendar"), read, base),
  };
}

type Read = (path: string) => string | undefined;

/** Reads each file once; a missing one is undefined. */
function fileReader(root: string): Read {
  const known = new Map<string, string | undefined>();
  return (path) => {
    if (!known.has(path)) known.set(path, textOf(posix.join(root, path)));
    return known.get(path);
  };
}

function clusterReader(root: string, read: Read, images: readonly FolderFacts[], base?: BaseText) {
  const byName = new Map(images.map(({ name, folder }) => [name, folder]));
  const inFile = remembered((file: string) => imagesIn(read(file) ?? "", byName));
  const imagesNamedIn = (files: readonly string[]) => [...new Set(files.flatMap(inFile))];
  return ({ name, folder }: FolderFacts): ClusterFolderFacts => {
    const place = { folder, imagesNamedIn };
    const file = `${folder}/cluster.yaml`;
    const facts = (text: string | undefined) => (text === undefined ? undefined : clusterFacts(text, place));
    return {
      name,
      folder,
      read: once(() => facts(read(file))),
      offersImages: () =>
        ["images.yaml", "profiles.yaml"].some((one) => existsSync(posix.join(root, folder, one))),
      before: once(() => {
        try {
          return facts(base?.(file));
        } catch (error) {
          // What the base deployed can't be told from it, so the whole cluster is planned, and nothing removed.
          if (error instanceof Unreadable) return undefined;
          throw error;
        }
      }),
    };
  };
}

/** The clusters that changed and that the catalog no longer has. */
function removedClusters(
  section: string,
  there: readonly FolderFacts[],
  changed: readonly string[],
): FolderFacts[] {
  const names = [...removedFolders(section, there, changed).keys()];
  return names.sort().map((name) => ({ name, folder: posix.join(section, name) }));
}

const PLACEHOLDER = new RegExp(`${SCHEME}images/([^/#\\s"']+)`, "g");

function imagesIn(text: string, folders: ReadonlyMap<string, string>): string[] {
  return [...text.matchAll(PLACEHOLDER)].flatMap(([, name = ""]) => folders.get(name) ?? []);
}

/** The display names in `course.json`; undefined where it can't be read. */
function kernelsNamed(text: string | undefined): string[] | undefined {
  if (text === undefined) return undefined;
  try {
    return namesIn(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function namesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(namesIn);
  if (!isObject(value)) return [];
  const { kernelId } = value;
  return [...(typeof kernelId === "string" ? [kernelId] : []), ...Object.values(value).flatMap(namesIn)];
}

function displayName(text: string | undefined, file: string): string | undefined {
  try {
    const value = text === undefined ? undefined : quickYaml(text, file);
    const name = isObject(value) ? value["display_name"] : undefined;
    return typeof name === "string" ? name : undefined;
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function remembered<T>(make: (key: string) => T): (key: string) => T {
  const known = new Map<string, { readonly value: T }>();
  return (key) => {
    const entry = known.get(key) ?? { value: make(key) };
    known.set(key, entry);
    return entry.value;
  };
}
