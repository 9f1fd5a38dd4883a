import pLimit from "p-limit";
import type { Digest } from "../../digest.ts";
import { digestOf } from "../../digest.ts";
import type { Network } from "../../http/request.ts";
import { LecternError } from "../../problem/problem.ts";
import type { ProviderContext } from "../../resource/context/context.ts";
import { findPackageList } from "../packages/find-package-list.ts";
import type { PackageList } from "../packages/package-list.ts";
import type { Repository } from "../reference.ts";
import { parseDigest, parseTagName } from "../reference.ts";
import { type BlobTransfer, blobExists, mountOrCopyBlob, putBlob } from "./registry-blobs.ts";
import { type Registries, readRegistries } from "./registry-config.ts";
import { digestMismatch, refusal } from "./registry-errors.ts";
import { type ImageFacts, readFacts } from "./registry-facts.ts";
import { RegistryHttp } from "./registry-http.ts";
import { type ImageConfig, readImageConfig, readJsonBlob, readPlatform } from "./registry-image.ts";
import {
  ACCEPT,
  checkMediaType,
  configOf,
  imageFor,
  type Manifest,
  partsOf,
  platformsIn,
} from "./registry-manifest.ts";
import { type Referrer, referrersOf } from "./registry-referrers.ts";
import { listTags } from "./registry-tags.ts";

/** How many manifests are kept in memory; a manifest is some kilobytes. */
const KEPT = 256;
/** Layers on their way at once: more would only share one line. */
const COPIES = 4;

/**
 * Talks to OCI registries: Docker Hub, GHCR, Google Artifact Registry, Harbor, or a plain one. Every
 * digest that it returns was checked against the bytes, where it has read them. A manifest that was
 * read once is known by its digest, so asking again costs one HEAD.
 */
export class RegistryClient {
  readonly #http: RegistryHttp;
  readonly #manifests = new Map<string, Manifest>();
  readonly #copies = pLimit(COPIES);

  constructor(network: Network, registries: Registries) {
    this.#http = new RegistryHttp(network, registries);
  }

  /** Requests so far by method, logins and retries included. */
  calls(): Record<string, number> {
    return this.#http.calls();
  }

  /** Every tag of a repository, all pages, in the registry's order. @throws {LecternError} */
  listTags(repository: Repository): Promise<string[]> {
    return listTags(this.#http, repository);
  }

  /**
   * The digest that a tag names now, by one HEAD (which no registry counts as a pull); undefined
   * where there is no such tag. A digest resolves to itself where the repository has it.
   * @throws {LecternError}
   */
  async resolve(repository: Repository, reference: string): Promise<Digest | undefined> {
    const response = await this.#http.send({
      method: "HEAD",
      repository,
      target: manifestPath(reference),
      headers: { accept: ACCEPT },
    });
    if (response.status === 404) return undefined;
    const where = `${repository}${separator(reference)}${reference}`;
    if (!response.ok) throw await refusal(repository, `look up ${where}`, response);
    const header = response.headers.get("docker-content-digest");
    // The header is optional: without it, the bytes are read.
    return header === null
      ? (await this.#read(repository, reference)).digest
      : parseDigest(header, { path: where });
  }

  /**
   * The manifest that a tag or a digest names, as its very bytes.
   * @param options.fresh read the bytes from the registry even where they are known
   * @throws {LecternError} where there is none, or its digest is not that of its bytes
   */
  async manifest(
    repository: Repository,
    reference: string,
    options: { fresh?: boolean } = {},
  ): Promise<Manifest> {
    if (options.fresh) return this.#read(repository, reference);
    const digest = await this.resolve(repository, reference);
    if (digest === undefined) throw missing(repository, reference);
    const known = this.#manifests.get(`${repository}@${digest}`);
    if (known) return known;
    return this.#read(repository, reference, digest);
  }

  /**
   * What the containers of an image run by default, in its variant for a platform; undefined where there is no such
   * image.
   * @throws {LecternError}
   */
  async imageConfig(
    repository: Repository,
    reference: string,
    platform = "linux/amd64",
  ): Promise<ImageConfig | undefined> {
    const digest = await this.resolve(repository, reference);
    if (digest === undefined) return undefined;
    const image = imageFor(platform, await this.manifest(repository, digest), repository);
    if (image === undefined) return undefined;
    const config = configOf(await this.manifest(repository, image), repository);
    return readImageConfig(this.#http, repository, config);
  }

  /** A blob as JSON, undefined where it is none. @throws {LecternError} */
  json(repository: Repository, digest: Digest): Promise<unknown> {
    return readJsonBlob(this.#http, repository, digest);
  }

  /** What an image tells of itself; undefined where an index has none. @throws {LecternError} */
  imageFacts(repository: Repository, reference: string): Promise<ImageFacts | undefined> {
    return readFacts(this, repository, reference);
  }

  /** The packages of an image; undefined where no list of them refers to it. @throws {LecternError} */
  packages(repository: Repository, reference: string): Promise<PackageList | undefined> {
    return findPackageList(this, repository, reference);
  }

  /**
   * What an image is for, such as `linux/amd64`: an index has several. Undefined where nothing says.
   * @throws {LecternError}
   */
  async platforms(repository: Repository, reference: string): Promise<readonly string[] | undefined> {
    const manifest = await this.manifest(repository, reference);
    const named = platformsIn(manifest);
    if (named || partsOf(manifest, repository).manifests.length > 0) return named;
    const own = await readPlatform(this.#http, repository, configOf(manifest, repository));
    return own === undefined ? undefined : [own];
  }

  /**
   * Writes a manifest under a tag or under its digest; what it refers to must be there already.
   * @param named the tag, or the digest; undefined for the digest that the bytes have
   * @throws {LecternError} where the registry refuses it, or reports that it kept something else
   */
  async putManifest(
    repository: Repository,
    named: string | undefined,
    bytes: Uint8Array,
    mediaType: string,
  ): Promise<Digest> {
    const digest = digestOf(bytes);
    const reference = named ?? digest;
    const response = await this.#http.send({
      method: "PUT",
      repository,
      target: manifestPath(reference),
      writes: true,
      headers: { "content-type": mediaType },
      body: bytes,
    });
    const where = `${repository}${separator(reference)}${reference}`;
    if (!response.ok) throw await refusal(repository, `write ${where}`, response);
    const claimed = response.headers.get("docker-content-digest") ?? digest;
    if (claimed !== digest) throw digestMismatch(where, claimed, digest);
    return digest;
  }

  /**
   * What refers to an image in its repository, such as signatures; undefined where the registry keeps no lists
   * of that.
   * @throws {LecternError}
   */
  referrers(repository: Repository, digest: Digest): Promise<Referrer[] | undefined> {
    return referrersOf(this.#http, repository, digest);
  }

  /** Whether the repository has a blob, by one HEAD. @throws {LecternError} */
  blobExists(repository: Repository, digest: Digest): Promise<boolean> {
    return blobExists(this.#http, repository, digest);
  }

  /**
   * Makes a blob of one repository known in another: nothing where it is there already, a mount
   * within one registry where that allows it, else a copy that never holds the blob in memory.
   * @throws {LecternError}
   */
  mountOrCopyBlob(from: Repository, to: Repository, digest: Digest): Promise<BlobTransfer> {
    return this.#copies(() => mountOrCopyBlob(this.#http, from, to, digest));
  }

  /** Puts a small blob into a repository, where it is not there already. @throws {LecternError} */
  putBlob(repository: Repository, bytes: Uint8Array): Promise<Digest> {
    return putBlob(this.#http, repository, bytes);
  }

  async #read(repository: Repository, reference: string, expected?: Digest): Promise<Manifest> {
    const response = await this.#http.send({
      method: "GET",
      repository,
      target: manifestPath(expected ?? reference),
      headers: { accept: ACCEPT },
    });
    const where = `${repository}${separator(reference)}${reference}`;
    if (response.status === 404) throw missing(repository, reference);
    if (!response.ok) throw await refusal(repository, `read ${where}`, response);
    const mediaType = (response.headers.get("content-type") ?? "").replace(/;.*/, "").trim();
    checkMediaType(mediaType, where);
    const bytes = new Uint8Array(await response.arrayBuffer());
    const digest = digestOf(bytes);
    const asked = reference.includes(":") ? reference : undefined;
    const claims = [expected, asked, response.headers.get("docker-content-digest")];
    for (const claim of claims) if (claim && claim !== digest) throw digestMismatch(where, claim, digest);
    return this.#keep(repository, { bytes, mediaType, digest });
  }

  #keep(repository: Repository, manifest: Manifest): Manifest {
    const oldest = this.#manifests.keys().next();
    if (this.#manifests.size >= KEPT && !oldest.done) this.#manifests.delete(oldest.value);
    this.#manifests.set(`${repository}@${manifest.digest}`, manifest);
    return manifest;
  }
}

/** The client for a stack's registries: one per run, so that logins and manifests are shared. */
export function registryClient(context: ProviderContext): RegistryClient {
  return context.once(
    "image: registry client",
    () => new RegistryClient(context, readRegistries(context.config)),
  );
}

/** Only what is a tag or a digest becomes a part of a URL. */
const manifestPath = (reference: string) =>
  `manifests/${reference.includes(":") ? parseDigest(reference) : parseTagName(reference)}`;

const separator = (reference: string) => (reference.includes(":") ? "@" : ":");

function missing(repository: Repository, reference: string): LecternError {
  return new LecternError({
    code: "missing-image",
    severity: "error",
    message: `the registry has no ${repository}${separator(reference)}${reference}`,
    remedy: "Push it first, or name one that exists",
  });
}
