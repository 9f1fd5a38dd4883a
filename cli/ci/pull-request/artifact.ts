import { filesInZip } from "../../../components/archive/zip-files.ts";
import { NoAnswer } from "../../../components/http/request.ts";
import { LecternError } from "../../../components/problem/problem.ts";
import type { ActionsApi } from "./actions-api.ts";

/** How many bytes an artifact may have, and what of it is read. */
const LARGEST_ARTIFACT = 8 * 2 ** 20;
const LIMITS = { largestFile: 16 * 2 ** 20, mostEntries: 100 };

/**
 * Files of a run's artifact, by their exact names, in memory.
 * @throws {LecternError} where the run has no such artifact, or it is too large or broken
 */
export async function readArtifact(
  api: ActionsApi,
  { repository, run, name }: { readonly repository: string; readonly run: number; readonly name: string },
  files: readonly string[],
): Promise<Map<string, string>> {
  const found = (await api.artifacts(repository, run, name)).filter((one) => one.name === name);
  const artifact = found.find(({ expired }) => !expired);
  if (!artifact) throw refused(name, found.length > 0 ? "it has expired" : "the run has not left it");
  if (artifact.size_in_bytes > LARGEST_ARTIFACT) throw refused(name, tooLarge(LARGEST_ARTIFACT));
  try {
    const archive = await api.download(repository, artifact.id, LARGEST_ARTIFACT);
    return await filesInZip(archive, files, LIMITS);
  } catch (error) {
    if (error instanceof LecternError) throw error;
    if (error instanceof NoAnswer)
      throw refused(name, error.reason === "too-large" ? tooLarge(LARGEST_ARTIFACT) : error.message);
    throw refused(
      name,
      `it is no archive that can be read (${error instanceof Error ? error.message : error})`,
    );
  }
}

const tooLarge = (limit: number) => `it is larger than ${limit / 2 ** 20} MiB`;

const refused = (name: string, why: string) =>
  new LecternError({
    code: "artifact",
    severity: "error",
    message: `the artifact ${name} can't be used: ${why}`,
    remedy: "Run the workflow `plan` of the pull request again",
  });
