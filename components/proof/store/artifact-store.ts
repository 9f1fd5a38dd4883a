import pLimit from "p-limit";
import { type Digest, digestOf } from "../../digest.ts";
import { parseDigest, parseReference, type Repository } from "../../image/reference.ts";
import type { RegistryClient } from "../../image/registry/registry-client.ts";
import { LecternError } from "../../problem/problem.ts";
import { type ProofResult, presentable } from "../result/proof-result.ts";
import { readResult } from "./kept-result.ts";
import {
  ARTIFACT_MANIFEST_TYPE,
  notedProof,
  proofArtifact,
  proofTag,
  readArtifact,
} from "./proof-artifact.ts";
import type { ProofStore } from "./proof-store.ts";

/** Artifacts of one key that are looked at: each repetition makes one. */
const MOST_OF_A_KEY = 8;
/** Artifacts whose key no list tells, which are read for it. */
const MOST_NAMELESS = 200;
/** More keys than these are looked up in the list of tags first. */
const FEW = 20;
const CONCURRENCY = 8;

/** Failures that say nothing about an artifact, so that nobody may take them for a missing one. */
const OF_THE_REGISTRY: ReadonlySet<string> = new Set([
  "registry-unreachable",
  "registry-access-denied",
  "registry-rate-limit",
  "registry-refused",
  "registry-login-refused",
]);

/** An image in one repository. */
interface Place {
  readonly client: RegistryClient;
  readonly repository: Repository;
  readonly digest: Digest;
}

/**
 * Keeps results beside the image, as OCI artifacts that refer to its digest: by the registry's lists of referrers, or,
 * where it has none, under a tag for each result. Whoever may push to the repository can write a result.
 */
export function artifactStore(client: RegistryClient): ProofStore {
  // A registry may refuse a manifest while the same blob, which all results share, is written twice.
  const written = new Map<string, Promise<Digest>>();
  const putOnce = (repository: Repository, blob: Uint8Array) => {
    const name = `${repository}@${digestOf(blob)}`;
    const writing = written.get(name) ?? client.putBlob(repository, blob);
    written.set(name, writing);
    writing.catch(() => written.delete(name));
    return writing;
  };
  return {
    async find(image, keys) {
      const place = { client, ...imageOf(image) };
      const wanted = new Set(keys);
      if (wanted.size === 0) return new Map();
      const listed = await client.referrers(place.repository, place.digest);
      const found = listed ? await ofListed(place, listed, wanted) : await ofTagged(place, wanted);
      return newestOf(found, place.digest);
    },
    async keep(image, result) {
      const { repository, digest } = imageOf(image);
      const { bytes, mediaType } = await client.manifest(repository, digest);
      const kept = await presentable(result);
      const { blobs, manifest } = proofArtifact(kept, { mediaType, digest, size: bytes.length });
      for (const blob of blobs) await putOnce(repository, blob);
      const isListed = (await client.referrers(repository, digest)) !== undefined;
      const reference = isListed ? undefined : proofTag(digest, kept.key);
      await client.putManifest(repository, reference, manifest, ARTIFACT_MANIFEST_TYPE);
    },
  };
}

async function ofListed(
  place: Place,
  listed: readonly { readonly digest: string }[],
  wanted: ReadonlySet<string>,
): Promise<ProofResult[]> {
  const entries = listed.flatMap((entry) => {
    const noted = notedProof(entry);
    return noted ? [{ ...noted, digest: entry.digest }] : [];
  });
  const seen = new Map<string | undefined, number>();
  const candidates = entries.filter(({ key }) => {
    if (key !== undefined && !wanted.has(key)) return false;
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    return count <= (key === undefined ? MOST_NAMELESS : MOST_OF_A_KEY);
  });
  return readEach(candidates, async ({ result, digest }) => result ?? read(place, digest, wanted));
}

async function ofTagged(place: Place, wanted: ReadonlySet<string>): Promise<ProofResult[]> {
  const { client, repository, digest } = place;
  const tags = [...wanted].map((key) => proofTag(digest, key));
  const there = wanted.size > FEW ? new Set(await client.listTags(repository)) : undefined;
  const candidates = there ? tags.filter((tag) => there.has(tag)) : tags;
  return readEach(candidates, (tag) => read(place, tag, wanted));
}

async function readEach<T>(
  candidates: readonly T[],
  reader: (candidate: T) => Promise<ProofResult | undefined>,
): Promise<ProofResult[]> {
  const limit = pLimit(CONCURRENCY);
  const results = await Promise.all(candidates.map((candidate) => limit(() => reader(candidate))));
  return results.filter((result) => result !== undefined);
}

/** The result that a tag or a digest names; undefined where it is missing, another's, or garbage. */
async function read(
  { client, repository, digest }: Place,
  reference: string,
  wanted: ReadonlySet<string>,
): Promise<ProofResult | undefined> {
  try {
    const { bytes } = await client.manifest(repository, reference, { fresh: true });
    const found = readArtifact(bytes, digest);
    if (found?.key === undefined || !wanted.has(found.key)) return undefined;
    if (found.result) return found.result;
    const value = await client.json(repository, parseDigest(found.layer));
    return readResult(JSON.stringify(value) ?? "", found.key);
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    if (error.problems.some(({ code }) => OF_THE_REGISTRY.has(code))) throw error;
    return undefined;
  }
}

/** The newest result of each key that is about this image. */
function newestOf(results: readonly ProofResult[], digest: Digest): Map<string, ProofResult> {
  const own = results.filter(({ image }) => image.endsWith(`@${digest}`));
  const inOrder = own.sort((a, b) => Date.parse(a.ranAt) - Date.parse(b.ranAt));
  return new Map(inOrder.map((result) => [result.key, result]));
}

/** @throws {LecternError} where the image is not named by its digest */
function imageOf(image: string): { repository: Repository; digest: Digest } {
  const { repository, digest } = parseReference(image);
  if (digest) return { repository, digest };
  throw new LecternError({
    code: "image-without-digest",
    severity: "error",
    message: `the image ${image} has no digest, so no proof can refer to it`,
    remedy: "Name it as repository@sha256:…",
  });
}
