import { createHash, randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { appendFile, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** What the registry knows of one repository; the bytes themselves are shared by all of them. */
interface RepositoryRecord {
  /** Tag → digest of a manifest. */
  tags: Record<string, string>;
  /** Digest → media type. */
  manifests: Record<string, string>;
  /** Digests of the blobs that were pushed here or mounted. */
  blobs: Record<string, true>;
}

/** Where images are put: the store of a registry in this process, or one that is pushed to. */
export interface ImageStore {
  putBlob(repository: string, bytes: Buffer): Promise<string>;
  putManifest(repository: string, reference: string, bytes: Buffer, mediaType: string): Promise<string>;
  tag(repository: string, tags: Readonly<Record<string, string>>): void | Promise<void>;
}

/** The state of the stand-in registry, on disk: content by digest, and one record a repository. */
export class RegistryStore implements ImageStore {
  readonly #folder: string;
  readonly #records = new Map<string, RepositoryRecord>();

  constructor(folder: string) {
    this.#folder = folder;
    for (const part of ["content", "repositories", "uploads"])
      mkdirSync(join(folder, part), { recursive: true });
  }

  /** The tags in the order of registries, or undefined where there is no such repository. */
  tags(repository: string): readonly string[] | undefined {
    const record = this.#record(repository);
    return record && Object.keys(record.tags).sort();
  }

  /** The media types of a repository's manifests, by digest. */
  manifests(repository: string): Readonly<Record<string, string>> {
    return this.#record(repository)?.manifests ?? {};
  }

  /** The digest and media type that a tag or a digest names. */
  find(repository: string, reference: string): { digest: string; mediaType: string } | undefined {
    const record = this.#record(repository);
    const digest = record?.tags[reference] ?? reference;
    const mediaType = record?.manifests[digest];
    return mediaType === undefined ? undefined : { digest, mediaType };
  }

  hasBlob(repository: string, digest: string): boolean {
    return this.#record(repository)?.blobs[digest] === true;
  }

  read(digest: string): Promise<Buffer> {
    return readFile(this.contentPath(digest));
  }

  async size(digest: string): Promise<number> {
    return (await stat(this.contentPath(digest))).size;
  }

  contentPath(digest: string): string {
    return join(this.#folder, "content", digest.replace(":", "-"));
  }

  /** Keeps a manifest under its digest and, where the reference is a tag, under that. */
  async putManifest(
    repository: string,
    reference: string,
    bytes: Buffer,
    mediaType: string,
  ): Promise<string> {
    const digest = await this.#keep(bytes);
    this.#change(repository, (record) => {
      record.manifests[digest] = mediaType;
      if (!reference.includes(":")) record.tags[reference] = digest;
    });
    return digest;
  }

  async putBlob(repository: string, bytes: Buffer): Promise<string> {
    const digest = await this.#keep(bytes);
    this.link(repository, digest);
    return digest;
  }

  /** Names existing manifests by many tags at once. */
  tag(repository: string, tags: Readonly<Record<string, string>>): void {
    this.#change(repository, (record) => Object.assign(record.tags, tags));
  }

  untag(repository: string, tag: string): void {
    this.#change(repository, (record) => delete record.tags[tag]);
  }

  /** Forgets a manifest and its tags, as a garbage collection or a person would. */
  removeManifest(repository: string, digest: string): void {
    this.#change(repository, (record) => {
      delete record.manifests[digest];
      for (const [tag, named] of Object.entries(record.tags)) if (named === digest) delete record.tags[tag];
    });
  }

  /** Makes content that is there already a blob of this repository. */
  link(repository: string, digest: string): void {
    this.#change(repository, (record) => {
      record.blobs[digest] = true;
    });
  }

  async openUpload(): Promise<string> {
    const id = randomUUID();
    await writeFile(this.#uploadPath(id), "");
    return id;
  }

  /** @returns how many bytes the upload has now, or undefined where there is no such upload */
  async append(id: string, pieces: AsyncIterable<Buffer>): Promise<number | undefined> {
    const path = this.#uploadPath(id);
    if (!(await exists(path))) return undefined;
    for await (const piece of pieces) await appendFile(path, piece);
    return (await stat(path)).size;
  }

  /** @returns the digest of what was uploaded; it is kept only where it is the expected one */
  async closeUpload(repository: string, id: string, expected: string): Promise<string> {
    const path = this.#uploadPath(id);
    const digest = digestOf(await readFile(path));
    if (digest !== expected) {
      await rm(path);
      return digest;
    }
    await rename(path, this.contentPath(digest));
    this.link(repository, digest);
    return digest;
  }

  async dropUpload(id: string): Promise<void> {
    await rm(this.#uploadPath(id), { force: true });
  }

  /** In one step: another repository may be reading the same content. */
  async #keep(bytes: Buffer): Promise<string> {
    const digest = digestOf(bytes);
    const path = this.contentPath(digest);
    if (await exists(path)) return digest;
    const temporary = `${path}.${randomUUID()}`;
    await writeFile(temporary, bytes);
    await rename(temporary, path);
    return digest;
  }

  #record(repository: string): RepositoryRecord | undefined {
    const known = this.#records.get(repository);
    if (known) return known;
    try {
      // Only this class writes these files.
      const record = JSON.parse(readFileSync(this.#recordPath(repository), "utf8")) as RepositoryRecord;
      this.#records.set(repository, record);
      return record;
    } catch {
      return undefined;
    }
  }

  /** In one synchronous step, so that two requests never lose each other's change. */
  #change(repository: string, change: (record: RepositoryRecord) => void): void {
    const record = this.#record(repository) ?? { tags: {}, manifests: {}, blobs: {} };
    change(record);
    this.#records.set(repository, record);
    const path = this.#recordPath(repository);
    writeFileSync(`${path}.new`, JSON.stringify(record));
    try {
      renameSync(`${path}.new`, path);
    } catch (error) {
      rmSync(`${path}.new`, { force: true });
      throw error;
    }
  }

  #recordPath(repository: string): string {
    return join(this.#folder, "repositories", `${encodeURIComponent(repository)}.json`);
  }

  #uploadPath(id: string): string {
    return join(this.#folder, "uploads", id.replaceAll(/[^0-9a-f-]/g, ""));
  }
}

export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
