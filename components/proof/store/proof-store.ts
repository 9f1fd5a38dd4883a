import type { ProofResult } from "../result/proof-result.ts";

/**
 * Where results are kept, so that no notebook is run twice on an image. What it finds is of the key that was asked
 * for; what it can't read, it doesn't have.
 */
export interface ProofStore {
  /**
   * The results of these keys, as far as there are any.
   * @param image `repository@sha256:…`
   * @throws {LecternError}
   */
  find(image: string, keys: readonly string[]): Promise<Map<string, ProofResult>>;
  /**
   * Keeps a result: another process finds it as soon as this has ended. A result that is there already is replaced.
   * @param image `repository@sha256:…`
   * @throws {LecternError}
   */
  keep(image: string, result: ProofResult): Promise<void>;
}
