import { z } from "zod";
import { didYouMean } from "../../problem/nearest.ts";
import { LecternError } from "../../problem/problem.ts";
import type { CheckFailure, Properties } from "../../resource/provider.ts";
import { isUnknown } from "../../resource/provider.ts";
import { type Digest, parseDigest, parseRepository, parseTagName, type Repository } from "../reference.ts";
import type { RegistryClient } from "../registry/registry-client.ts";
import { isImmutable } from "../tags/tag.ts";
import { parseTag } from "../tags/tag-grammar.ts";
import type { Wish } from "./alias-plan.ts";

const given = z.object({
  alias: z.string(),
  target: z.string(),
  targetDigest: z.string().optional(),
  source: z.string(),
  repositories: z.array(z.string()).optional(),
  rollback: z.boolean().optional(),
});

/** What the inputs say, and everything that is wrong with them; a wish only where nothing is. */
export interface CheckedInputs {
  readonly wish?: Wish;
  readonly failures: readonly CheckFailure[];
}

/** Whether a preview can't know yet what is wished: the digest comes from a resource not made yet. */
export function hasUnknown(inputs: Properties): boolean {
  return Object.values(inputs).some((value) =>
    Array.isArray(value) ? value.some(isUnknown) : isUnknown(value),
  );
}

/**
 * Parses the inputs, resolves the target to its digest and reads what the registry has of it.
 * @param known the digest of the last deployment: its bytes were checked then
 */
export async function checkInputs(
  client: RegistryClient,
  inputs: Properties,
  known: unknown,
): Promise<CheckedInputs> {
  const parsed = given.safeParse(inputs);
  if (!parsed.success) {
    return {
      failures: parsed.error.issues.map(({ path, message }) => ({
        property: path.join("."),
        reason: message,
      })),
    };
  }
  const failures = new Failures();
  const { target, rollback = false } = parsed.data;
  const alias = failures.of("alias", () => movableName(parsed.data.alias));
  failures.of("target", () => parseTagName(target));
  const source = failures.of("source", () => parseRepository(parsed.data.source));
  const repositories = checkRepositories(parsed.data.repositories ?? [parsed.data.source], failures);
  const digestText = parsed.data.targetDigest;
  const digest =
    digestText === undefined ? undefined : failures.of("targetDigest", () => parseDigest(digestText));
  if (failures.found.length > 0 || alias === undefined || source === undefined)
    return { failures: failures.found };
  const property = digest ? "targetDigest" : "target";
  const targetDigest = await failures.ofAsync(property, () =>
    findTarget(client, source, target, digest, known),
  );
  if (targetDigest === undefined) return { failures: failures.found };
  return { failures: [], wish: { alias, target, targetDigest, source, repositories, rollback } };
}

/** The digest of the target; its bytes are read where they are not those of the last deployment. */
async function findTarget(
  client: RegistryClient,
  source: Repository,
  target: string,
  digest: Digest | undefined,
  known: unknown,
): Promise<Digest> {
  const found = await client.resolve(source, digest ?? target);
  if (found === undefined) throw await missing(client, source, digest ?? target);
  return found === known ? found : (await client.manifest(source, digest ?? target)).digest;
}

async function missing(client: RegistryClient, source: Repository, target: string): Promise<LecternError> {
  const isDigest = target.includes(":");
  const tags = isDigest ? [] : await client.listTags(source).catch(() => []);
  return new LecternError({
    code: "missing-image",
    severity: "error",
    message: `there is no ${source}${isDigest ? "@" : ":"}${target}`,
    remedy: didYouMean(target, tags, "Push it first, or name one that is there"),
  });
}

/**
 * A name whose form says what it is, such as a week or a release, must go on meaning that.
 * @throws {LecternError} for such a name, and for what no registry takes as a tag
 */
export function movableName(alias: string): string {
  parseTagName(alias);
  const tag = parseTag(alias);
  if (!isImmutable(tag)) return alias;
  throw new LecternError({
    code: "immutable-tag",
    severity: "error",
    message: `${JSON.stringify(alias)} is the name of one image (${tag.name}) and is never moved`,
    remedy: "Name an alias, such as recommended",
  });
}

function checkRepositories(texts: readonly string[], failures: Failures): Repository[] {
  const seen = new Set<Repository>();
  if (texts.length === 0)
    failures.add("repositories", "name at least one repository, or leave the list away");
  for (const [index, text] of texts.entries()) {
    const property = `repositories[${index}]`;
    const repository = failures.of(property, () => parseRepository(text));
    if (repository === undefined) continue;
    if (seen.has(repository)) failures.add(property, `${repository} is named twice. Remove one.`);
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
