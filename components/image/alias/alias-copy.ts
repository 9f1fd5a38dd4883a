import type { Digest } from "../../digest.ts";
import { LecternError } from "../../problem/problem.ts";
import type { Repository } from "../reference.ts";
import type { RegistryClient } from "../registry/registry-client.ts";
import { type Manifest, partsOf } from "../registry/registry-manifest.ts";

/** What a copy did, for the log. */
export interface Copied {
  readonly manifests: number;
  readonly mounted: number;
  readonly copied: number;
}

/**
 * Makes an image or an index known by its digest in another repository, what it refers to first, the
 * bytes unchanged. What the repository has already is read and left as it is. No tag is written.
 * @throws {LecternError} where the source lacks a part, or a digest is not that of its bytes
 */
export async function copyImage(
  client: RegistryClient,
  from: Repository,
  to: Repository,
  digest: Digest,
): Promise<Copied> {
  if (from === to) return NOTHING;
  const present = await manifestIn(client, to, digest);
  const manifest = present ?? (await client.manifest(from, digest));
  const parts = partsOf(manifest, from);
  const children: Copied[] = [];
  for (const child of parts.manifests) children.push(await copyImage(client, from, to, child));
  if (present) return sumOf(children);
  const blobs = await Promise.all(parts.blobs.map((blob) => client.mountOrCopyBlob(from, to, blob)));
  await client.putManifest(to, digest, manifest.bytes, manifest.mediaType);
  const own: Copied = {
    manifests: 1,
    mounted: blobs.filter((how) => how === "mounted").length,
    copied: blobs.filter((how) => how === "copied").length,
  };
  return sumOf([own, ...children]);
}

const NOTHING: Copied = { manifests: 0, mounted: 0, copied: 0 };

const sumOf = (parts: readonly Copied[]): Copied =>
  parts.reduce(
    (sum, part) => ({
      manifests: sum.manifests + part.manifests,
      mounted: sum.mounted + part.mounted,
      copied: sum.copied + part.copied,
    }),
    NOTHING,
  );

/** What a repository has of a manifest, its bytes read: that it has it is believed of no answer without them. */
async function manifestIn(
  client: RegistryClient,
  repository: Repository,
  digest: Digest,
): Promise<Manifest | undefined> {
  try {
    return await client.manifest(repository, digest);
  } catch (error) {
    if (error instanceof LecternError && error.problems.every(({ code }) => code === "missing-image"))
      return undefined;
    throw error;
  }
}
