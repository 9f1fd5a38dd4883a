import { z } from "zod";
import { LecternError } from "../../problem/problem.ts";
import { parseYaml } from "../../problem/yaml-file.ts";
import { zodProblems } from "../../problem/zod.ts";
import { type Digests, digestProblems } from "../selection/selection.ts";

const tagsFile = z.record(z.string(), z.string());

/**
 * A repository's tags from a JSON object, tag → digest.
 * @throws {LecternError} with every problem: not such an object, each malformed digest
 */
export function readTagsFile(text: string, file: string): Digests {
  const value = parseJson(text, file);
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw noObject(file);
  const parsed = tagsFile.safeParse(value);
  if (!parsed.success) throw new LecternError(zodProblems(parsed.error, { file }));
  const digests = new Map(Object.entries(parsed.data));
  const problems = digestProblems(digests.keys(), digests).map((problem) => ({ ...problem, file }));
  if (problems.length > 0) throw new LecternError(problems);
  return digests;
}

/** JSON's own parser is fast; what it can't read is read again to locate the fault. */
function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const { value, problems } = parseYaml(text, file);
    if (problems.length === 0) return value;
    throw new LecternError(
      problems.map((problem) => ({
        ...problem,
        message: problem.message.replace("this is not YAML", "this is not JSON"),
      })),
    );
  }
}

function noObject(file: string): LecternError {
  return new LecternError({
    code: "wrong-type",
    severity: "error",
    file,
    message: "expected one JSON object, from tag to digest",
    remedy: 'Write it as {"w_2026_10": "sha256:…"}',
  });
}
