import type { Node } from "jsonc-parser";
import { type JsonText, parseJsonText, placeAt, placeOf } from "../../problem/json-text.ts";
import { LecternError, type Problem } from "../../problem/problem.ts";
import { jsonPath, type Locate } from "../../problem/zod.ts";

/**
 * A JSON text as plain values, with the place of each. Other programs read the file too, so it is held
 * to what JSON is: a trailing comma or a comment, which YAML would let through, stops them.
 * @throws {LecternError} where it isn't JSON, with line and column, and at each repeated key
 */
export function parseStrictJson(text: string, file: string): { value: unknown; locate: Locate } {
  const json = parseJsonText(text);
  if (json.fault) throw new LecternError(syntaxProblem(json, json.fault, file));
  const repeated = json.root ? repeatedKeys(json, json.root, [], file) : [];
  if (repeated.length > 0) throw new LecternError(repeated);
  const locate: Locate = (path) =>
    placeOf(
      json,
      path.map((step) => (typeof step === "number" ? step : String(step))),
    );
  return { value: JSON.parse(text), locate };
}

function syntaxProblem(json: JsonText, fault: { offset: number; reason: string }, file: string): Problem {
  const mark = json.text.startsWith("\ufeff");
  return {
    code: "malformed-file",
    severity: "error",
    file,
    ...placeAt(json.text, fault.offset),
    message: mark ? "the file begins with a byte order mark" : `this is not JSON: ${fault.reason}`,
    remedy: mark ? "Save it as UTF-8 without a byte order mark" : "Correct the syntax",
  };
}

/** JSON's own parser silently takes the last of them. */
function repeatedKeys(
  json: JsonText,
  node: Node,
  path: readonly (string | number)[],
  file: string,
): Problem[] {
  const children = node.children ?? [];
  if (node.type === "array") {
    return children.flatMap((child, index) => repeatedKeys(json, child, [...path, index], file));
  }
  const seen = new Set<string>();
  return children.flatMap(({ children: [name, value] = [] }) => {
    const key = String(name?.value);
    const place = [...path, key];
    const inner = value ? repeatedKeys(json, value, place, file) : [];
    if (!seen.has(key)) {
      seen.add(key);
      return inner;
    }
    const problem: Problem = {
      code: "duplicate-key",
      severity: "error",
      file,
      path: jsonPath(place),
      ...placeAt(json.text, name?.offset ?? 0),
      message: `${JSON.stringify(key)} is written twice, and only one of them is read`,
      remedy: "Keep one",
    };
    return [problem, ...inner];
  });
}
