import { z } from "zod";
import type { Digest } from "../../digest.ts";
import { LecternError } from "../../problem/problem.ts";
import type { Repository } from "../reference.ts";
import { parseDigest } from "../reference.ts";

/** A manifest as a registry keeps it: the digest is that of the very bytes. */
export interface Manifest {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
  readonly digest: Digest;
}

/** What else a registry must have before it takes a manifest. */
export interface ManifestParts {
  /** The manifests that an index names. */
  readonly manifests: readonly Digest[];
  /** The configuration and the layers of one image. */
  readonly blobs: readonly Digest[];
}

const INDEXES: ReadonlySet<string> = new Set([
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
]);
const IMAGES: ReadonlySet<string> = new Set([
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
]);
const SCHEMA_1 = /^application\/vnd\.docker\.distribution\.manifest\.v1\+/;

/** Every media type that this client understands, for the Accept header. */
export const ACCEPT = [...INDEXES, ...IMAGES].join(", ");

const descriptor = z.object({
  digest: z.string(),
  mediaType: z.string().optional(),
  urls: z.array(z.string()).optional(),
  platform: z.object({ os: z.string(), architecture: z.string() }).optional(),
});
const index = z.object({ mediaType: z.string().optional(), manifests: z.array(descriptor) });
const image = z.object({
  mediaType: z.string().optional(),
  config: descriptor,
  layers: z.array(descriptor),
});

/** Whether a manifest of this media type can be moved, digest and all. */
export const isMovable = (mediaType: string) => INDEXES.has(mediaType) || IMAGES.has(mediaType);

/** @throws {LecternError} where a manifest of this media type can't be moved, digest and all */
export function checkMediaType(mediaType: string, where: string): void {
  if (isMovable(mediaType)) return;
  const old = SCHEMA_1.test(mediaType) || mediaType === "application/json";
  throw new LecternError({
    code: "unsupported-manifest",
    severity: "error",
    message: old
      ? `${where} is a manifest of Docker's schema 1, which has no stable digest`
      : `${where} is a manifest of the media type ${JSON.stringify(mediaType)}, which is not an image`,
    remedy: old
      ? "Build and push the image again with a current builder"
      : "Name an image or an index of images",
  });
}

/**
 * What a manifest refers to. Layers that live elsewhere by design (foreign layers) are left out:
 * no registry keeps them.
 * @throws {LecternError} where the bytes are not of the media type
 */
export function partsOf(manifest: Manifest, repository: Repository): ManifestParts {
  const where = `${repository}@${manifest.digest}`;
  checkMediaType(manifest.mediaType, where);
  const schema = INDEXES.has(manifest.mediaType) ? index : image;
  const parsed = schema.safeParse(jsonOf(manifest.bytes));
  if (!parsed.success || (parsed.data.mediaType ?? manifest.mediaType) !== manifest.mediaType) {
    throw new LecternError({
      code: "malformed-manifest",
      severity: "error",
      message: `${where} is not a manifest of the media type ${manifest.mediaType} that the registry reports for it`,
      remedy: "Push the image again",
    });
  }
  if ("manifests" in parsed.data) return { manifests: digests(parsed.data.manifests, where), blobs: [] };
  const { config, layers } = parsed.data;
  const kept = [config, ...layers].filter((part) => !isForeign(part));
  return { manifests: [], blobs: digests(kept, where) };
}

/**
 * The image that an index has for a platform such as `linux/amd64`; undefined where it has none. A manifest that is
 * no index is its own image.
 */
export function imageFor(platform: string, manifest: Manifest, repository: Repository): Digest | undefined {
  if (!INDEXES.has(manifest.mediaType)) return manifest.digest;
  const found = index
    .parse(jsonOf(manifest.bytes))
    .manifests.find((one) => `${one.platform?.os}/${one.platform?.architecture}` === platform);
  return found && parseDigest(found.digest, { path: `${repository}@${manifest.digest}` });
}

/** The platforms that an index names, such as `linux/amd64`; undefined where it names none, or is no index. */
export function platformsIn(manifest: Manifest): string[] | undefined {
  if (!INDEXES.has(manifest.mediaType)) return undefined;
  const { data } = index.safeParse(jsonOf(manifest.bytes));
  const platforms = data?.manifests.flatMap(({ platform }) =>
    // Attestations are for no platform.
    platform && platform.os !== "unknown" ? [`${platform.os}/${platform.architecture}`] : [],
  );
  return platforms?.length ? [...new Set(platforms)] : undefined;
}

/** The blob that configures what an image's containers run. */
export function configOf(manifest: Manifest, repository: Repository): Digest {
  const where = `${repository}@${manifest.digest}`;
  return parseDigest(image.parse(jsonOf(manifest.bytes)).config.digest, { path: where });
}

function digests(descriptors: readonly { digest: string }[], where: string): Digest[] {
  return [...new Set(descriptors.map(({ digest }) => parseDigest(digest, { path: where })))];
}

const isForeign = (part: z.infer<typeof descriptor>) =>
  (part.urls?.length ?? 0) > 0 || /foreign|nondistributable/.test(part.mediaType ?? "");

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}
