import { changesBetween, changeText, type NamedChange } from "../../image/packages/package-changes.ts";
import { parseReference } from "../../image/reference.ts";
import type { RegistryClient } from "../../image/registry/registry-client.ts";
import { LecternError } from "../../problem/problem.ts";
import { failureOf } from "./failure-text.ts";
import type { ProofFailure } from "./proof-failure.ts";
import type { ProofResult } from "./proof-result.ts";

/** What tells about an image. */
export type ImageSource = Pick<RegistryClient, "packages" | "imageFacts">;

/** How many changes are kept: a state and an output hold them. */
const MOST = 50;

/** Labels by which builders say which version of their sources an image is of. */
const VERSIONS = ["org.opencontainers.image.version", "org.opencontainers.image.revision"];

/**
 * What differs between two images, as their lists of packages say, or else their labels: what the failures name
 * comes first. Undefined where nothing tells.
 * @param images `repository@sha256:…`
 */
export async function imageChanges(
  source: ImageSource,
  images: { readonly from: string; readonly to: string },
  failed: readonly ProofResult[],
): Promise<string[] | undefined> {
  if (images.from === "" || images.from === images.to) return undefined;
  const ask = async (image: string) => {
    const { repository, digest = "" } = parseReference(image);
    const packages = await unlessRefused(source.packages(repository, digest));
    const labels = async () => (await unlessRefused(source.imageFacts(repository, digest)))?.labels ?? {};
    return { packages, labels };
  };
  const [before, after] = await Promise.all([ask(images.from), ask(images.to)]);
  if (before.packages && after.packages) {
    const named = (change: NamedChange) => (isNamed(change, failed) ? 0 : 1);
    const changes = changesBetween(before.packages, after.packages).sort((a, b) => named(a) - named(b));
    return textsOf(changes);
  }
  const [some, others] = await Promise.all([before.labels(), after.labels()]);
  const versions = VERSIONS.filter((name) => some[name] !== undefined && others[name] !== undefined);
  const ofLabels = (labels: Readonly<Record<string, string>>) =>
    new Map(versions.map((name) => [name.replace("org.opencontainers.image.", ""), labels[name] ?? ""]));
  return textsOf(changesBetween(ofLabels(some), ofLabels(others)));
}

/**
 * The first failure on an image, with what differs from the one before; undefined where there is none.
 * @param images `repository@sha256:…`; `from` is empty where there was none before
 */
export async function explainedFailure(
  failed: readonly ProofResult[],
  images: { readonly from: string; readonly to: string },
  source: ImageSource,
): Promise<ProofFailure | undefined> {
  const failure = failureOf(failed, images.to);
  if (!failure) return undefined;
  const changes = await imageChanges(source, images, failed);
  return { ...failure, ...(changes && { changes }) };
}

const textsOf = (changes: readonly NamedChange[]) =>
  changes.length === 0 ? undefined : changes.slice(0, MOST).map(changeText);

/** What a registry does not tell is not known, and fails nothing. */
async function unlessRefused<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    return undefined;
  }
}

/** Whether a cell or a traceback has the package's name. */
function isNamed({ name }: NamedChange, failed: readonly ProofResult[]): boolean {
  const [plain = ""] = name.toLowerCase().split(" ");
  return failed.some(({ traceback = "", cell, reason = "" }) =>
    words(`${traceback} ${cell?.source ?? ""} ${reason}`).has(plain),
  );
}

const words = (text: string) => new Set(text.toLowerCase().split(/[^a-z0-9_-]+/));
