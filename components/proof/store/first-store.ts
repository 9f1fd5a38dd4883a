import { LecternError } from "../../problem/problem.ts";
import type { ProofStore } from "./proof-store.ts";

/** Answers of a registry in which a repository can't be written, or that takes no artifacts. */
const UNWRITABLE: ReadonlySet<string> = new Set([
  "registry-access-denied",
  "registry-refused",
  "missing-image",
]);

/**
 * Keeps results beside the image, and in the other store where that can't be: where nobody may write to the repository,
 * such as one of Docker Hub that others maintain, or the registry takes no artifacts. Finds what either has.
 * @param report is told once for each image whose results are kept elsewhere, and why
 */
export function firstStore(
  beside: ProofStore,
  other: ProofStore,
  report: (message: string) => void,
): ProofStore {
  const reported = new Set<string>();
  const elsewhere = (image: string, error: unknown) => {
    if (!(error instanceof LecternError)) throw error;
    if (!error.problems.every(({ code }) => UNWRITABLE.has(code))) throw error;
    if (!reported.has(image))
      report(`proofs of ${image} are kept in the folder of proofs alone: ${error.message}`);
    reported.add(image);
  };
  return {
    async find(image, keys) {
      const found = await other.find(image, keys);
      const missing = keys.filter((key) => !found.has(key));
      try {
        return new Map([...found, ...(await beside.find(image, missing))]);
      } catch (error) {
        elsewhere(image, error);
        return found;
      }
    },
    async keep(image, result) {
      try {
        await beside.keep(image, result);
      } catch (error) {
        elsewhere(image, error);
        await other.keep(image, result);
      }
    },
  };
}
