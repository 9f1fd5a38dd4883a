import { LecternError } from "../../problem/problem.ts";
import { parseYaml } from "../../problem/yaml-file.ts";
import { zodProblems } from "../../problem/zod.ts";
import { clusterFileSchema, knownClusterKeys } from "./cluster-schema.ts";
import type { Delegate } from "./delegate-schema.ts";

/**
 * The delegates that a `cluster.yaml` names, of a text alone: the files that it names are not looked for.
 * @throws {LecternError} where the file as a whole is wrong, as then nobody can tell what it means
 */
export function delegatesIn(text: string, file: string): readonly Delegate[] {
  const { value, problems, locate } = parseYaml(text, file);
  if (problems.length > 0) throw new LecternError(problems);
  const parsed = clusterFileSchema.safeParse(value ?? {});
  if (parsed.success) return parsed.data.delegates;
  throw new LecternError(zodProblems(parsed.error, { file, locate, known: knownClusterKeys }));
}
