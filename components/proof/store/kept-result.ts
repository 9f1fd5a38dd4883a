import { jsonOf } from "../../problem/json.ts";
import { type ProofResult, proofResult } from "../result/proof-result.ts";

/** Bytes of a result as it is kept: more than any has. */
export const LARGEST_RESULT = 256 * 1024;

/** A result as a store keeps it, undefined where the text is none of this key. */
export function readResult(text: string, key: string): ProofResult | undefined {
  const { data } = proofResult.safeParse(jsonOf(text));
  return data?.key === key ? data : undefined;
}
