import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { textOf } from "../../../components/cluster/cluster-files.ts";
import type { ImageMenus } from "../../../components/hub/profiles/images/profile-images.ts";
import { parseRepository } from "../../../components/image/reference.ts";
import {
  type ImageEntry,
  type ImagesFile,
  readImagesFile,
} from "../../../components/image/selection/images-file.ts";
import { LecternError, type Problem } from "../../../components/problem/problem.ts";
import type { Edit } from "../../api/draft.ts";
import { differenceRequestSchema, imageDifferenceSchema } from "../../api/image-difference.ts";
import { imagesRequestSchema, imagesSchema, type SelectedEntry } from "../../api/images.ts";
import { repositoryTagsSchema, tagsRequestSchema } from "../../api/tags.ts";
import { caught } from "../caught.ts";
import type { StudioPluginOptions } from "../context.ts";
import { noCluster, withDraft } from "../draft/draft-tree.ts";
import { Refused } from "../refused.ts";
import { imageDifference } from "./image-difference.ts";
import { repositoryTags } from "./repository-tags.ts";
import type { Selections } from "./selections.ts";

type ImageOptions = StudioPluginOptions & { readonly selections: Selections };

/** What the images of clusters come to. */
export async function imageRoutes(app: FastifyInstance, { studio, selections }: ImageOptions): Promise<void> {
  const entriesOf = <T>(
    cluster: string,
    edits: readonly Edit[],
    use: (entries: ImagesFile) => Promise<T>,
  ) => {
    if (!/^[\w-][\w.-]*$/.test(cluster)) throw noCluster(cluster);
    return withDraft(studio, edits, async ({ catalog }) => {
      const path = join(catalog, "clusters", cluster, "images.yaml");
      const text = await textOf(path);
      return use(text === undefined ? {} : readImagesFile(text, path));
    });
  };

  app.post("/images", { config: { readsOnly: true } }, async ({ body }) => {
    const { cluster, edits } = imagesRequestSchema.parse(body);
    return entriesOf(cluster, edits, async (entries) => {
      const selected = Object.entries(entries).map(([key, entry]) => selectedOf(key, entry, selections));
      return imagesSchema.parse({ entries: await Promise.all(selected) });
    });
  });

  app.post("/images/tags", { config: { readsOnly: true } }, async ({ body }) => {
    const { cluster, edits, key, find } = tagsRequestSchema.parse(body);
    return entriesOf(cluster, edits, async (entries) => {
      const tags = await repositoryTags(entryOf(entries, cluster, key), find.trim(), selections);
      return repositoryTagsSchema.parse(tags);
    });
  });

  app.post("/images/difference", { config: { readsOnly: true } }, async ({ body }) => {
    const { cluster, edits, key, ...tags } = differenceRequestSchema.parse(body);
    return entriesOf(cluster, edits, async (entries) => {
      const { repository } = entryOf(entries, cluster, key);
      return imageDifferenceSchema.parse(await imageDifference(repository, tags, selections));
    });
  });
}

function entryOf(entries: ImagesFile, cluster: string, key: string): ImageEntry {
  const entry = Object.hasOwn(entries, key) ? entries[key] : undefined;
  if (entry === undefined) throw noEntry(cluster, key);
  return entry;
}

const noEntry = (cluster: string, key: string) =>
  new Refused(404, {
    code: "unknown-entry",
    message: `images.yaml of the cluster ${cluster} has no entry ${JSON.stringify(key)}`,
    remedy: "Choose one of the entries that the page lists",
  });

async function selectedOf(key: string, entry: ImageEntry, selections: Selections): Promise<SelectedEntry> {
  const { repository: text } = entry;
  const problems: Problem[] = [];
  const all = await caught(selections.tags(parseRepository(text)), problems);
  const selection = all === undefined ? undefined : await caught(selections.select(entry), problems);
  return {
    key,
    repository: text,
    menu: [...(selection?.menu ?? [])],
    prepull: [...(selection?.prepull ?? [])],
    tagCount: all?.length ?? 0,
    problems: [...problems, ...(selection?.notices ?? [])].map(({ file: _file, ...problem }) => problem),
  };
}

/** Milliseconds that a form waits for registries: after them, images stand as their names. */
const WAIT = 2_000;

/** The menus of entries, as far as their registries answer in time. */
export async function menusOf(images: ImagesFile, selections: Selections): Promise<ImageMenus> {
  const menus = Object.entries(images).map(async ([key, entry]) => {
    const { alias, displayName, policy, repository } = entry;
    const selection = await inTime(selections.select(entry));
    if (selection === undefined) return [];
    return [
      [
        key,
        {
          repository: parseRepository(repository),
          alias,
          displayName,
          immutable: policy.immutable,
          ...selection,
        },
      ] as const,
    ];
  });
  return Object.fromEntries((await Promise.all(menus)).flat());
}

/** What comes in time, and is no problem of a registry. */
async function inTime<T>(work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), WAIT);
  });
  try {
    return await Promise.race([work, late]);
  } catch (error) {
    if (error instanceof LecternError) return undefined;
    throw error;
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}
