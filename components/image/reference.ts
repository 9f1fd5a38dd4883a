import type { Digest } from "../digest.ts";
import { LecternError } from "../problem/problem.ts";

declare const BRAND: unique symbol;
type Branded<Name extends string> = string & { readonly [BRAND]: Name };

/** A repository in full, as registries know it: `docker.io/library/ubuntu`, `ghcr.io/org/image`. */
export type Repository = Branded<"Repository">;
/** A tag that registries accept: at most 128 of `[A-Za-z0-9_.-]`, not beginning with `.` or `-`. */
export type TagName = Branded<"TagName">;

/** An image as people name it, taken apart; where both are given, the digest decides. */
export interface ImageReference {
  readonly repository: Repository;
  readonly tag?: TagName;
  readonly digest?: Digest;
}

/** Where a reference was written, for the error. */
export interface Written {
  readonly file?: string;
  /** The field, such as `image`. */
  readonly path?: string;
}

const DIGEST = /^sha256:[0-9a-f]{64}$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const COMPONENT = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
const PATH = new RegExp(`^${COMPONENT}(?:/${COMPONENT})*$`);
const HOST = /^(?:[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*|\[[0-9a-fA-F:]+\])(?::\d{1,5})?$/;
const DOCKER_HUB = "docker.io";
const DOCKER_HUB_NAMES: ReadonlySet<string> = new Set([
  DOCKER_HUB,
  "index.docker.io",
  "registry-1.docker.io",
]);

/** @throws {LecternError} where the text is not a sha256 digest */
export function parseDigest(text: string, written: Written = {}): Digest {
  if (DIGEST.test(text)) return text as Digest;
  throw malformed(
    written,
    "malformed-digest",
    `${quoted(text)} is not a digest`,
    "Write sha256: and 64 hexadecimal digits in lower case",
  );
}

/** @throws {LecternError} where no registry would accept the text as a tag */
export function parseTagName(text: string, written: Written = {}): TagName {
  if (TAG.test(text)) return text as TagName;
  throw malformed(
    written,
    "malformed-tag",
    `${quoted(text)} is not a tag`,
    "Use at most 128 letters, digits, _, . and -, and begin with a letter, a digit or _",
  );
}

/**
 * A repository in its full form: `ubuntu` is `docker.io/library/ubuntu`, as Docker has it. The first
 * part is a host where it has a dot or a colon, or is `localhost`.
 * @throws {LecternError} where it is none, or has a tag or a digest
 */
export function parseRepository(text: string, written: Written = {}): Repository {
  const reference = parseReference(text, written);
  if (reference.tag === undefined && reference.digest === undefined) return reference.repository;
  throw malformed(
    written,
    "malformed-repository",
    `${quoted(text)} names an image, but a repository is expected`,
    `Write ${reference.repository}`,
  );
}

/**
 * `repository[:tag][@sha256:…]` taken apart, the repository in its full form.
 * @throws {LecternError}
 */
export function parseReference(text: string, written: Written = {}): ImageReference {
  const [named = "", digestText, ...rest] = text.split("@");
  if (rest.length > 0) {
    throw malformed(written, "malformed-image", `${quoted(text)} has two digests`, "Keep one");
  }
  const colon = named.indexOf(":", named.lastIndexOf("/") + 1);
  const repository = fullRepository(colon < 0 ? named : named.slice(0, colon), text, written);
  const tag = colon < 0 ? {} : { tag: parseTagName(named.slice(colon + 1), written) };
  const digest = digestText === undefined ? {} : { digest: parseDigest(digestText, written) };
  return { repository, ...tag, ...digest };
}

/** The reference in full, `docker.io/library/ubuntu:24.04@sha256:…`. */
export function formatReference({ repository, tag, digest }: ImageReference): string {
  return `${repository}${tag === undefined ? "" : `:${tag}`}${digest === undefined ? "" : `@${digest}`}`;
}

/** The registry of a repository: `docker.io`, `localhost:5000`. */
export function hostOf(repository: Repository): string {
  return repository.slice(0, repository.indexOf("/"));
}

/** A repository as its own registry calls it: `library/ubuntu`. */
export function pathOf(repository: Repository): string {
  return repository.slice(repository.indexOf("/") + 1);
}

/** `sha256:` and the first digits, enough to tell two apart. */
export function shortDigest(digest: string): string {
  return `${digest.slice(0, "sha256:".length + 12)}…`;
}

/** `repository@sha256:…`, its digest short as {@link shortDigest} has it. */
export function shortImage(image: string): string {
  return image.replace(/@(.*)$/, (_, digest: string) => `@${shortDigest(digest)}`);
}

function fullRepository(name: string, text: string, written: Written): Repository {
  const slash = name.indexOf("/");
  const first = slash < 0 ? "" : name.slice(0, slash);
  const hasHost = /[.:]/.test(first) || first === "localhost";
  const host = hasHost ? first.toLowerCase() : DOCKER_HUB;
  const path = hasHost ? name.slice(slash + 1) : name;
  if (!HOST.test(host) || !PATH.test(path)) {
    const lower = name.toLowerCase();
    const remedy =
      lower !== name && PATH.test(hasHost ? lower.slice(slash + 1) : lower)
        ? `Write it in lower case: ${lower}`
        : "Write repository[:tag][@sha256:…], such as ghcr.io/organization/image:1.0";
    throw malformed(written, "malformed-image", `${quoted(text)} is not an image reference`, remedy);
  }
  if (!DOCKER_HUB_NAMES.has(host)) return `${host}/${path}` as Repository;
  return `${DOCKER_HUB}/${path.includes("/") ? path : `library/${path}`}` as Repository;
}

function malformed(written: Written, code: string, message: string, remedy: string): LecternError {
  return new LecternError({ code, severity: "error", ...written, message, remedy });
}

const quoted = (text: string) => JSON.stringify(text.length > 120 ? `${text.slice(0, 120)}…` : text);
