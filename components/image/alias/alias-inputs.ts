import type { Digest } from "../../digest.ts";
import { didYouMean } from "../../problem/nearest.ts";
import { LecternError } from "../../problem/problem.ts";
import type { Inputs } from "../../resource/contract.ts";
import type { CheckFailure } from "../../resource/provider.ts";
import { parseDigest, parseRepository, parseTagName, type Repository } from "../reference.ts";
import type { RegistryClient } from "../registry/registry-client.ts";
import { imageTags } from "../tags/image-tags.ts";
import { fixedBy, shownName } from "../tags/immutable-forms.ts";
import { parseTag } from "../tags/tag-grammar.ts";
import type { DesiredAlias } from "./alias-plan.ts";
import type { imageAliasContract } from "./image-alias-contract.ts";

type AliasInputs = Inputs<typeof imageAliasContract>;

/** Everything that is wrong with the inputs; what they mean only where nothing is. */
export interface CheckedInputs {
  readonly desired?: DesiredAlias;
  readonly failures: readonly CheckFailure[];
}

/**
 * Parses the inputs, resolves the target to its digest and reads what the registry has of it.
 * @param known the digest of the last deployment: its bytes were checked then
 */
export async function checkInputs(
  client: RegistryClient,
  inputs: AliasInputs,
  known: string | undefined,
): Promise<CheckedInputs> {
  const failures = new Failures();
  const { target, rollback = false, targetDigest: digestText } = inputs;
  const alias = failures.of("alias", () => movableName(inputs.alias, inputs.immutable));
  failures.of("target", () => parseTagName(target));
  const source = failures.of("source", () => parseRepository(inputs.source));
  const repositories = checkRepositories(inputs.repositories ?? [inputs.source], failures);
  const digest =
    digestText === undefined ? undefined : failures.of("targetDigest", () => parseDigest(digestText));
  if (failures.found.length > 0 || alias === undefined || source === undefined)
    return { failures: failures.found };
  const property = digest ? "targetDigest" : "target";
  const targetDigest = await failures.ofAsync(property, () =>
    findTarget(client, source, target, digest, known),
  );
  if (targetDigest === undefined) return { failures: failures.found };
  return { failures: [], desired: { alias, target, targetDigest, source, repositories, rollback } };
}

/** What checked inputs mean: the check has filled in what was left out. @throws {LecternError} */
export function desiredAlias(inputs: AliasInputs): DesiredAlias {
  const { alias, target, targetDigest = "", rollback = false } = inputs;
  const source = parseRepository(inputs.source);
  const repositories = (inputs.repositories ?? [source]).map((text) => parseRepository(text));
  return { alias, target, targetDigest: parseDigest(targetDigest), source, repositories, rollback };
}

/** The digest of the target; its bytes are read where they are not those of the last deployment. */
async function findTarget(
  client: RegistryClient,
  source: Repository,
  target: string,
  digest: Digest | undefined,
  known: string | undefined,
): Promise<Digest> {
  const found = await client.resolve(source, digest ?? target);
  if (found === undefined) throw await missing(client, source, digest ?? target);
  return found === known ? found : (await client.manifest(source, digest ?? target)).digest;
}

async function missing(client: RegistryClient, source: Repository, target: string): Promise<LecternError> {
  const isDigest = target.includes(":");
  const tags = isDigest ? [] : imageTags(await client.listTags(source).catch(() => []));
  return new LecternError({
    code: "missing-image",
    severity: "error",
    message: `the registry has no ${source}${isDigest ? "@" : ":"}${target}`,
    remedy: didYouMean(target, tags, "Push it first, or name one that exists"),
  });
}

/**
 * A name whose form says what it is, such as a week or a version, must keep that meaning.
 * @param immutable the forms of such names, as a policy lists them
 * @throws {LecternError} for such a name, and for what no registry takes as a tag
 */
export function movableName(alias: string, immutable?: readonly string[]): string {
  parseTagName(alias);
  const isFixed = fixedBy(immutable);
  if (!isFixed(parseTag(alias))) return alias;
  throw new LecternError({
    code: "immutable-tag",
    severity: "error",
    message: `the tag ${JSON.stringify(alias)} names one image (${shownName(alias, isFixed)}) and is never moved`,
    remedy:
      "Name an alias, such as recommended; a policy's `immutable` says which other names are never moved",
  });
}

function checkRepositories(texts: readonly string[], failures: Failures): Repository[] {
  const seen = new Set<Repository>();
  if (texts.length === 0) failures.add("repositories", "name at least one repository, or remove the list");
  for (const [index, text] of texts.entries()) {
    const property = `repositories[${index}]`;
    const repository = failures.of(property, () => parseRepository(text));
    if (repository === undefined) continue;
    if (seen.has(repository)) failures.add(property, `${repository} is listed twice. Remove one.`);
    seen.add(repository);
  }
  return [...seen];
}

/** Gathers what is wrong, so that a person sees all of it at once. */
class Failures {
  readonly found: CheckFailure[] = [];

  add(property: string, reason: string): void {
    this.found.push({ property, reason });
  }

  of<T>(property: string, act: () => T): T | undefined {
    try {
      return act();
    } catch (error) {
      return this.#keep(property, error);
    }
  }

  async ofAsync<T>(property: string, act: () => Promise<T>): Promise<T | undefined> {
    try {
      return await act();
    } catch (error) {
      return this.#keep(property, error);
    }
  }

  #keep(property: string, error: unknown): undefined {
    if (!(error instanceof LecternError)) throw error;
    this.add(property, error.message);
  }
}
