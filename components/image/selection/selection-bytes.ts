import pLimit from "p-limit";
import { LecternError, type Problem } from "../../problem/problem.ts";
import { parseDigest, type Repository } from "../reference.ts";
import type { RegistryClient } from "../registry/registry-client.ts";
import type { PrepulledImage } from "./selection.ts";

/** Manifests that are read at once. */
const PARALLEL = 8;

/**
 * Reads the manifest of each selected image and holds its digest against its bytes: a selection knows
 * only what a registry reports of its tags, and that may be wrong.
 * @param known digests whose bytes were read before: they cost nothing
 * @throws {LecternError} with each image whose digest is not that of its bytes, or that is not there
 */
export async function checkBytes(
  client: Pick<RegistryClient, "manifest">,
  repository: Repository,
  images: readonly PrepulledImage[],
  known: ReadonlySet<string>,
): Promise<void> {
  const fresh = images.filter(({ digest }) => !known.has(digest));
  const problems = await pLimit(PARALLEL).map(fresh, async ({ tag, digest }): Promise<readonly Problem[]> => {
    try {
      await client.manifest(repository, parseDigest(digest));
      return [];
    } catch (error) {
      if (!(error instanceof LecternError)) throw error;
      return error.problems.map((problem) => ({ ...problem, message: `${tag}: ${problem.message}` }));
    }
  });
  if (problems.flat().length > 0) throw new LecternError(problems.flat());
}
