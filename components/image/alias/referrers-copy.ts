import type { Digest } from "../../digest.ts";
import { LecternError } from "../../problem/problem.ts";
import { isProofTag, PROOF_TYPE } from "../../proof/store/proof-artifact.ts";
import { parseDigest, type Repository } from "../reference.ts";
import type { RegistryClient } from "../registry/registry-client.ts";
import { isMovable, type Manifest, partsOf } from "../registry/registry-manifest.ts";
import { INDEX_TYPE, type Referrer, readReferrers } from "../registry/registry-referrers.ts";
import { copyImage } from "./alias-copy.ts";

/** More than any image has: a registry that names others for ever is given up. */
const MOST = 1000;

/** From where to where. */
interface Way {
  readonly client: RegistryClient;
  readonly from: Repository;
  readonly to: Repository;
  /** The tags of `from`. */
  readonly tags: readonly string[];
}

/**
 * Brings along what refers to an image that another repository has by now: signatures, attestations, bills of
 * materials, by the lists of OCI registries or by tags such as `sha256-<digest>.sig`. A cluster that admits only
 * signed images would refuse the image without them. Proofs of notebooks stay where they are: an image may have
 * thousands, and they are asked for at its source. What is there already stays; what is listed, but deleted, is
 * left out.
 * @returns how many were found
 */
export async function copyReferrers(
  client: RegistryClient,
  from: Repository,
  to: Repository,
  digest: Digest,
): Promise<number> {
  if (from === to) return 0;
  const way: Way = { client, from, to, tags: await client.listTags(from) };
  const image = await client.manifest(to, digest);
  const subjects = [digest, ...partsOf(image, to).manifests];
  const seen = new Set<Digest>(subjects);
  let found = 0;
  // What refers to an image may be signed itself, so it becomes a subject too.
  for (let subject = subjects.shift(); subject !== undefined; subject = subjects.shift()) {
    for (const one of [...(await copyListed(way, subject)), ...(await copyTagged(way, subject))]) {
      found += 1;
      if (found > MOST) throw tooMany(from, digest);
      if (!seen.has(one)) subjects.push(one);
      seen.add(one);
    }
  }
  return found;
}

/** Where registries without lists of referrers keep that of an image; other tags begin with it. */
const tagOf = (digest: Digest) => digest.replace(":", "-");

async function copyListed(way: Way, subject: Digest): Promise<Digest[]> {
  const { client, from, to } = way;
  const listed = (await client.referrers(from, subject)) ?? (await taggedList(way, from, subject));
  const known = await thoseThere(
    way,
    listed.filter((one) => isMovable(one.mediaType) && one["artifactType"] !== PROOF_TYPE),
  );
  for (const { digest } of known) await copyImage(client, from, to, parseDigest(digest));
  if (known.length > 0 && (await client.referrers(to, subject)) === undefined)
    await addToList(way, subject, known);
  return known.map(({ digest }) => parseDigest(digest));
}

/** A list under a tag goes on naming what was deleted, as by a clean-up of what has no tag. */
async function thoseThere({ client, from }: Way, listed: readonly Referrer[]): Promise<Referrer[]> {
  const found = await Promise.all(
    listed.map(async (one) => ((await client.resolve(from, parseDigest(one.digest))) ? [one] : [])),
  );
  return found.flat();
}

/** The list of an image's referrers that is kept under a tag. */
async function taggedList(
  { client, tags, from }: Way,
  where: Repository,
  subject: Digest,
): Promise<Referrer[]> {
  const tag = tagOf(subject);
  if (where === from && !tags.includes(tag)) return [];
  if ((await client.resolve(where, tag)) === undefined) return [];
  const { bytes } = await client.manifest(where, tag);
  return readReferrers(new TextDecoder().decode(bytes), `${where}@${subject}`);
}

async function addToList(way: Way, subject: Digest, referrers: readonly Referrer[]): Promise<void> {
  const { client, to } = way;
  const before = await taggedList(way, to, subject);
  const fresh = referrers.filter(({ digest }) => before.every((one) => one.digest !== digest));
  if (fresh.length === 0) return;
  const index = { schemaVersion: 2, mediaType: INDEX_TYPE, manifests: [...before, ...fresh] };
  await client.putManifest(to, tagOf(subject), Buffer.from(JSON.stringify(index)), INDEX_TYPE);
}

/** Signatures and the like that tools keep under tags of their own: `sha256-<digest>.sig`. */
async function copyTagged({ client, from, to, tags }: Way, subject: Digest): Promise<Digest[]> {
  const own = tags.filter((tag) => tag.startsWith(`${tagOf(subject)}.`) && !isProofTag(tag));
  const found: Digest[] = [];
  for (const tag of own) {
    const manifest: Manifest = await client.manifest(from, tag);
    await copyImage(client, from, to, manifest.digest);
    // Others may have signed the image there, too.
    if ((await client.resolve(to, tag)) === undefined)
      await client.putManifest(to, tag, manifest.bytes, manifest.mediaType);
    found.push(manifest.digest);
  }
  return found;
}

const tooMany = (repository: Repository, digest: Digest) =>
  new LecternError({
    code: "endless-referrers",
    severity: "error",
    message: `more than ${MOST} signatures and the like refer to ${repository}@${digest}`,
    remedy: "Ask the registry's owner",
  });
