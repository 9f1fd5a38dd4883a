import { isObject } from "../components/json.ts";
import type { Problem } from "../components/problem/problem.ts";
import { parseYaml } from "../components/problem/yaml-file.ts";

/** The file `Pulumi.<stack>.yaml`, which holds most of a stack's configuration. */
export interface StackFile {
  readonly name: string;
  /** Its text; undefined where it can't be read. */
  read(): string | undefined;
  /** The file that a stack takes the values of its environment from. */
  readonly defaults?: StackFile | undefined;
}

/** Adds the file and the place of the key to each problem with a key that is in the file. */
export function problemsIn(file: StackFile, problems: readonly Problem[]): Problem[] {
  const { value, locate } = parseYaml(file.read() ?? "", file.name);
  const config = isObject(value) && isObject(value["config"]) ? value["config"] : {};
  const { defaults } = file;
  return problems.flatMap((problem) => {
    const key = keyOf(problem, Object.keys(config));
    if (key !== undefined) return { ...problem, file: file.name, ...locate(["config", key], "key") };
    return defaults ? problemsIn(defaults, [problem]) : problem;
  });
}

/** The key of the file that a problem is about, or is inside of: `lectern:rules` of `lectern:rules.x`. */
const keyOf = ({ path = "" }: Problem, keys: readonly string[]) =>
  keys.find((key) => path === key || path.startsWith(`${key}.`) || path.startsWith(`${key}[`));
