import { type JsonPath, type JsonText, nodeAt, placeOf, snippetAt } from "../../../problem/json-text.ts";
import type { Problem } from "../../../problem/problem.ts";
import { jsonPath } from "../../../problem/zod.ts";

/** The file by which a folder is an article. */
export const COURSE_FILE = "course.json";

/** A problem at a field of `course.json`, with its place and its line. */
export function courseProblem(
  json: JsonText,
  path: JsonPath,
  problem: Pick<Problem, "code" | "severity" | "message" | "remedy">,
): Problem {
  const place = placeOf(json, path);
  const node = nodeAt(json, path);
  return {
    ...problem,
    file: COURSE_FILE,
    ...(path.length > 0 && { path: jsonPath(path) }),
    ...place,
    ...(node &&
      node.type !== "object" &&
      node.type !== "array" && { snippet: snippetAt(json.shown, node.offset) }),
  };
}
