import type { Digest } from "../../digest.ts";
import type { Repository } from "../reference.ts";
import type { RegistryClient } from "../registry/registry-client.ts";
import { partsOf } from "../registry/registry-manifest.ts";

/** What a copy did, for the log. */
export interface Copied {
  readonly manifests: number;
  readonly mounted: number;
  readonly copied: number;
}

/**
 * Makes an image or an index known by its digest in another repository, what it refers to first, the
 * bytes unchanged. Where the repository has it already, that costs one HEAD. No tag is written.
 * @throws {LecternError} where the source lacks a part, or a digest is not that of its bytes
 */
export async function copyImage(
  client: RegistryClient,
  from: Repository,
  to: Repository,
  digest: Digest,
): Promise<Copied> {
  if (from === to || (await client.resolve(to, digest)) !== undefined) {
    return { manifests: 0, mounted: 0, copied: 0 };
  }
  const manifest = await client.manifest(from, digest);
  const parts = partsOf(manifest, from);
  const children: Copied[] = [];
  for (const child of parts.manifests) children.push(await copyImage(client, from, to, child));
  const blobs = await Promise.all(parts.blobs.map((blob) => client.mountOrCopyBlob(from, to, blob)));
  await client.putManifest(to, digest, manifest.bytes, manifest.mediaType);
  const own: Copied = {
    manifests: 1,
    mounted: blobs.filter((how) => how === "mounted").length,
    copied: blobs.filter((how) => how === "copied").length,
  };
  return [own, ...children].reduce((sum, part) => ({
    manifests: sum.manifests + part.manifests,
    mounted: sum.mounted + part.mounted,
    copied: sum.copied + part.copied,
  }));
}
