import { digestOf } from "../../digest.ts";
import { proofKey } from "../proof-key.ts";
import type { ProofResult } from "../result/proof-result.ts";

/** A notebook that passed, another one for each name. */
export function someResult(name: string, image = `registry.test/lab@${digestOf("image")}`): ProofResult {
  const digest = digestOf(image);
  return {
    key: proofKey({ notebook: digestOf(name), image: digest, settings: { timeout: 600 } }),
    course: "courses/qaoa",
    notebook: `lectures/${name}.ipynb`,
    image,
    outcome: "passed",
    seconds: 12.5,
    peakMemory: 512 * 2 ** 20,
    ranAt: "2026-11-30T12:00:00.000Z",
  };
}
