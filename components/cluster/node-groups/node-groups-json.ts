import { repeatedKeys, syntaxProblem } from "../../problem/json-problems.ts";
import { parseJsonText, placeOf, placeOfKey } from "../../problem/json-text.ts";
import { LecternError } from "../../problem/problem.ts";
import type { Locate } from "../../problem/zod.ts";

/**
 * A JSON text as plain values, with the place of each. Other programs read the file too, so it is held
 * to what JSON is: a trailing comma or a comment, which YAML would let through, stops them.
 * @throws {LecternError} where it isn't JSON, with line and column, and at each repeated key
 */
export function parseStrictJson(text: string, file: string): { value: unknown; locate: Locate } {
  const json = parseJsonText(text);
  if (json.fault) throw new LecternError(syntaxProblem({ json, file }, json.fault));
  const repeated = repeatedKeys({ json, file });
  if (repeated.length > 0) throw new LecternError(repeated);
  const locate: Locate = (path, part = "value") => {
    const steps = path.map((step) => (typeof step === "number" ? step : String(step)));
    return (part === "key" ? placeOfKey(json, steps) : undefined) ?? placeOf(json, steps);
  };
  return { value: JSON.parse(text), locate };
}
