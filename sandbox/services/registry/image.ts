import { digestOf, type ImageStore } from "./store.ts";

const OCI = "application/vnd.oci.image";
const DOCKER = "application/vnd.docker";

/** A manifest that was put into the registry. */
export interface SeededManifest {
  readonly digest: string;
  readonly mediaType: string;
  readonly bytes: Buffer;
}

export interface ImageOptions {
  /** What makes the image differ from others: equal words give equal bytes. */
  readonly content: string;
  /** @default amd64 */
  readonly architecture?: string;
  /** Whether it has Docker's media types instead of OCI's. @default false */
  readonly docker?: boolean;
  /** What its containers run by default. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** When it was made, as its configuration says. @default it does not say */
  readonly created?: string;
  /** Layers below its own, which other images may have too. @default none */
  readonly base?: readonly string[];
}

/** Puts a small image, a layer and a configuration, into a repository; without a tag. */
export async function seedImage(
  store: ImageStore,
  repository: string,
  options: ImageOptions,
): Promise<SeededManifest> {
  const layer = Buffer.from(
    `the layer of ${options.content} for ${options.architecture ?? "amd64"}\n`.repeat(20),
  );
  const layers = [...(options.base ?? []).map((text) => Buffer.from(text)), layer];
  const config = json({
    created: options.created,
    architecture: options.architecture ?? "amd64",
    os: "linux",
    config: options.config ?? { User: "1000", Cmd: ["/usr/local/bin/start"] },
    rootfs: { type: "layers", diff_ids: layers.map(digestOf) },
  });
  const types = options.docker
    ? {
        manifest: `${DOCKER}.distribution.manifest.v2+json`,
        config: `${DOCKER}.container.image.v1+json`,
        layer: `${DOCKER}.image.rootfs.diff.tar`,
      }
    : { manifest: `${OCI}.manifest.v1+json`, config: `${OCI}.config.v1+json`, layer: `${OCI}.layer.v1.tar` };
  const bytes = json({
    schemaVersion: 2,
    mediaType: types.manifest,
    config: { mediaType: types.config, size: config.length, digest: await store.putBlob(repository, config) },
    layers: await Promise.all(
      layers.map(async (part) => ({
        mediaType: types.layer,
        size: part.length,
        digest: await store.putBlob(repository, part),
      })),
    ),
  });
  return keep(store, repository, bytes, types.manifest);
}

/** Puts an index of two images, for amd64 and arm64, into a repository; without a tag. */
export async function seedIndex(
  store: ImageStore,
  repository: string,
  options: ImageOptions,
): Promise<SeededManifest> {
  const manifests = [];
  for (const architecture of ["amd64", "arm64"]) {
    const image = await seedImage(store, repository, { ...options, architecture });
    const { digest, mediaType, bytes } = image;
    manifests.push({ mediaType, digest, size: bytes.length, platform: { architecture, os: "linux" } });
  }
  const mediaType = options.docker ? `${DOCKER}.distribution.manifest.list.v2+json` : `${OCI}.index.v1+json`;
  return keep(store, repository, json({ schemaVersion: 2, mediaType, manifests }), mediaType);
}

async function keep(
  store: ImageStore,
  repository: string,
  bytes: Buffer,
  mediaType: string,
): Promise<SeededManifest> {
  return { digest: await store.putManifest(repository, digestOf(bytes), bytes, mediaType), mediaType, bytes };
}

// With indentation, as builders write it: bytes that a careless copy would change.
const json = (value: unknown) => Buffer.from(JSON.stringify(value, undefined, 3));
