import { z } from "zod";
import type { Digest } from "../../digest.ts";
import { jsonOf } from "../../problem/json.ts";
import type { Repository } from "../reference.ts";
import { parseDigest } from "../reference.ts";
import { configOf, imageFor, type Manifest, platformsIn } from "./registry-manifest.ts";

/** What an image tells of itself, in one of its variants. */
export interface ImageFacts {
  /** Milliseconds since the epoch; undefined where nothing says, or a builder that hides it does. */
  readonly created: number | undefined;
  readonly labels: Readonly<Record<string, string>>;
  /** From the lowest on. */
  readonly layers: readonly ImageLayer[];
}

/** A part of an image's files. */
export interface ImageLayer {
  readonly digest: Digest;
  /** Bytes as they are downloaded. */
  readonly size: number;
}

const configSchema = z.object({
  created: z.string().nullish().catch(undefined),
  config: z
    .object({ Labels: z.record(z.string(), z.string()).nullish().catch(undefined) })
    .nullish()
    .catch(undefined),
});
const manifestSchema = z.object({
  layers: z.array(z.object({ digest: z.string(), size: z.number().catch(0) })),
});

/** Builders that give equal bytes for equal sources write a date from before there were images: 1970, 1980. */
const FIRST_IMAGES = Date.UTC(2013, 0, 1);

/** What is asked of a registry. */
interface ImageSource {
  manifest(repository: Repository, reference: string): Promise<Manifest>;
  /** A blob as JSON. */
  json(repository: Repository, digest: Digest): Promise<unknown>;
}

/** What an image tells of itself: its variant for linux/amd64, or else the first that it has. */
export async function readFacts(
  source: ImageSource,
  repository: Repository,
  reference: string,
): Promise<ImageFacts | undefined> {
  const named = await source.manifest(repository, reference);
  const platforms = ["linux/amd64", ...(platformsIn(named) ?? [])];
  const images = platforms.map((platform) => imageFor(platform, named, repository));
  const image = images.find((one) => one !== undefined);
  if (image === undefined) return undefined;
  const manifest = await source.manifest(repository, image);
  return factsOf(await source.json(repository, configOf(manifest, repository)), manifest, repository);
}

/** @param config the JSON of the image's configuration */
function factsOf(config: unknown, manifest: Manifest, repository: Repository): ImageFacts {
  const { created, config: inner } = configSchema.safeParse(config).data ?? {};
  const { layers = [] } =
    manifestSchema.safeParse(jsonOf(new TextDecoder().decode(manifest.bytes))).data ?? {};
  const time = Date.parse(created ?? "");
  const path = `${repository}@${manifest.digest}`;
  return {
    created: time >= FIRST_IMAGES ? time : undefined,
    labels: inner?.Labels ?? {},
    layers: layers.map(({ digest, size }) => ({ digest: parseDigest(digest, { path }), size })),
  };
}
