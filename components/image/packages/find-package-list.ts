import { z } from "zod";
import type { Digest } from "../../digest.ts";
import { jsonOf } from "../../problem/json.ts";
import { parseDigest, type Repository } from "../reference.ts";
import { imageFor, type Manifest } from "../registry/registry-manifest.ts";
import type { Referrer } from "../registry/registry-referrers.ts";
import { type PackageList, readPackageList } from "./package-list.ts";

/** What is asked of a registry. */
export interface PackageSource {
  manifest(repository: Repository, reference: string): Promise<Manifest>;
  referrers(repository: Repository, digest: Digest): Promise<Referrer[] | undefined>;
  /** A blob as JSON. */
  json(repository: Repository, digest: Digest): Promise<unknown>;
}

const LIST_TYPE = /spdx\+json|cyclonedx\+json/;
const PREDICATE = "in-toto.io/predicate-type";
const LIST_PREDICATE = /^https:\/\/(spdx\.dev\/Document|cyclonedx\.org\/bom)/;

const annotations = z.record(z.string(), z.string()).default({}).catch({});
const part = z.object({ digest: z.string(), mediaType: z.string().default(""), annotations });
const index = z.object({ manifests: z.array(part) });
const artifact = z.object({ layers: z.array(part) });

/**
 * The packages that an image has, as a bill of materials says that refers to it: an attestation of BuildKit in its index,
 * or an artifact that the registry lists. Undefined where there is none.
 * @throws {LecternError}
 */
export async function findPackageList(
  source: PackageSource,
  repository: Repository,
  reference: string,
  platform = "linux/amd64",
): Promise<PackageList | undefined> {
  const named = await source.manifest(repository, reference);
  const image = imageFor(platform, named, repository) ?? named.digest;
  for (const attestation of attestationsOf(named, image)) {
    const list = await listIn(source, repository, attestation);
    if (list) return list;
  }
  for (const digest of new Set([image, named.digest])) {
    const referrers = (await source.referrers(repository, digest)) ?? [];
    for (const { digest: found } of referrers.filter(isList)) {
      const list = await listIn(source, repository, found);
      if (list) return list;
    }
  }
  return undefined;
}

/** The manifests of an index that tell about an image of it, as BuildKit writes them. */
function attestationsOf({ bytes }: Manifest, image: Digest): string[] {
  const { manifests = [] } = index.safeParse(read(bytes)).data ?? {};
  return manifests
    .filter((one) => one.annotations["vnd.docker.reference.type"] === "attestation-manifest")
    .filter((one) => one.annotations["vnd.docker.reference.digest"] === image)
    .map(({ digest }) => digest);
}

const isList = (referrer: Referrer) => LIST_TYPE.test(String(referrer["artifactType"] ?? ""));

async function listIn(
  source: PackageSource,
  repository: Repository,
  digest: string,
): Promise<PackageList | undefined> {
  const { bytes } = await source.manifest(repository, digest);
  const { layers = [] } = artifact.safeParse(read(bytes)).data ?? {};
  const layer = layers.find(
    (one) => LIST_TYPE.test(one.mediaType) || LIST_PREDICATE.test(one.annotations[PREDICATE] ?? ""),
  );
  if (layer === undefined) return undefined;
  const path = `${repository}@${digest}`;
  return readPackageList(await source.json(repository, parseDigest(layer.digest, { path })));
}

const read = (bytes: Uint8Array) => jsonOf(new TextDecoder().decode(bytes));
