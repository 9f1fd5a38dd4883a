import type { Digest } from "../../../components/digest.ts";
import type { PackageList } from "../../../components/image/packages/package-list.ts";
import { parseRepository, type Repository } from "../../../components/image/reference.ts";
import type { RegistryClient } from "../../../components/image/registry/registry-client.ts";
import type { ImageFacts } from "../../../components/image/registry/registry-facts.ts";
import { type ImageEntry, ofEntry } from "../../../components/image/selection/images-file.ts";
import type { Selection } from "../../../components/image/selection/selection.ts";
import { selectFromRegistry } from "../../../components/image/selection/selection-registry.ts";
import { imageTags } from "../../../components/image/tags/image-tags.ts";
import type { Clock } from "../../../components/resource/context/clock.ts";

/** How long an answer of a registry is taken for true, in milliseconds. */
const KEPT = 300_000;
/** Of how many images it is kept what they tell of themselves, which never changes. */
const MOST_IMAGES = 2_000;
/** A list of packages may be large. */
const MOST_LISTS = 20;

/** A client for a registry, by the registry's host. */
export type AskRegistry = (
  host: string,
) => Promise<Pick<RegistryClient, "listTags" | "resolve" | "imageFacts" | "packages">>;

/** What registries are asked for, each thing once in a while. */
export class Selections {
  readonly #clock: Clock;
  readonly #registry: AskRegistry;
  readonly #asked = new Map<string, { readonly at: number; readonly answer: Promise<unknown> }>();
  readonly #facts = new KeptByDigest<ImageFacts | undefined>(MOST_IMAGES);
  readonly #packages = new KeptByDigest<PackageList | undefined>(MOST_LISTS);

  constructor(clock: Clock, registry: AskRegistry) {
    this.#clock = clock;
    this.#registry = registry;
  }

  /** Every tag of a repository that names an image. @throws {LecternError} */
  tags(repository: Repository): Promise<readonly string[]> {
    return this.#once(`tags ${repository}`, async () =>
      imageTags(await (await this.#client(repository)).listTags(repository)),
    );
  }

  /** What a tag names now; undefined where there is no such tag. @throws {LecternError} */
  digest(repository: Repository, tag: string): Promise<Digest | undefined> {
    return this.#once(`digest ${repository}:${tag}`, async () =>
      (await this.#client(repository)).resolve(repository, tag),
    );
  }

  /** What an image tells of itself, asked once. @throws {LecternError} */
  facts(repository: Repository, digest: Digest): Promise<ImageFacts | undefined> {
    return this.#facts.get(digest, async () =>
      (await this.#client(repository)).imageFacts(repository, digest),
    );
  }

  /** The packages of an image, asked once; undefined where no list of them is known. @throws {LecternError} */
  packages(repository: Repository, digest: Digest): Promise<PackageList | undefined> {
    return this.#packages.get(digest, async () =>
      (await this.#client(repository)).packages(repository, digest),
    );
  }

  /** What an entry's policy selects. @throws {LecternError} with its problems at the entry's fields */
  select(entry: ImageEntry): Promise<Selection> {
    return ofEntry(entry, () => {
      const repository = parseRepository(entry.repository);
      const source = {
        listTags: async () => [...(await this.tags(repository))],
        resolve: (_: Repository, tag: string) => this.digest(repository, tag),
      };
      return selectFromRegistry(source, repository, entry.policy, this.#clock.now());
    });
  }

  #client(repository: Repository) {
    const [host = ""] = repository.split("/");
    return this.#once(`registry ${host}`, () => this.#registry(host));
  }

  #once<T>(key: string, ask: () => Promise<T>): Promise<T> {
    const known = this.#asked.get(key);
    const now = this.#clock.now();
    // The key names what is asked for, so the answer is of the kind that is asked for.
    if (known && now - known.at < KEPT) return known.answer as Promise<T>;
    const answer = ask();
    this.#asked.set(key, { at: now, answer });
    answer.catch(() => this.#asked.delete(key));
    return answer;
  }
}

/** What never changes about a digest, of the last ones that were asked for; a failure is not kept. */
class KeptByDigest<T> {
  readonly #kept = new Map<Digest, Promise<T>>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  get(digest: Digest, ask: () => Promise<T>): Promise<T> {
    const known = this.#kept.get(digest);
    if (known) return known;
    const [oldest] = this.#kept.keys();
    if (this.#kept.size >= this.#most && oldest !== undefined) this.#kept.delete(oldest);
    const asked = ask();
    this.#kept.set(digest, asked);
    asked.catch(() => this.#kept.delete(digest));
    return asked;
  }
}
