import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isObject } from "../../components/json.ts";
import { LecternError, type Problem } from "../../components/problem/problem.ts";
import { parseYaml } from "../../components/problem/yaml-file.ts";
import { zodProblems } from "../../components/problem/zod.ts";
import type { ScopedStack } from "./claims.ts";
import { scopeConfig } from "./scope.ts";
import { ENVIRONMENTS, type Environment, environmentOf, isEnvironment, stackOfFile } from "./stack-name.ts";

/** A stack by its file. */
export interface StackFileScope extends ScopedStack {
  readonly environment: Environment;
  /** `Pulumi.prod-campus.yaml`. */
  readonly file: string;
  /** The stack that proves what this one gets, where its own file names one. */
  readonly stagingStack?: string | undefined;
}

/**
 * What the files `Pulumi.<stack>.yaml` of a project say that their stacks deploy, sorted, staging first.
 * @throws {LecternError} with every file that can't be parsed
 */
export function readStackFiles(
  folder: string,
  environments: readonly string[] = ENVIRONMENTS,
): StackFileScope[] {
  const stacks = readdirSync(folder)
    .flatMap((name) => stackOfFile(name) ?? [])
    .filter((stack) => environments.includes(environmentOf(stack)))
    .sort();
  const problems: Problem[] = [];
  const read = stacks.flatMap((stack): StackFileScope[] => {
    const environment = environmentOf(stack);
    if (!isEnvironment(environment)) return [];
    const file = `Pulumi.${stack}.yaml`;
    const found = scopeIn(readFileSync(join(folder, file), "utf8"), file);
    problems.push(...found.problems);
    return [{ stack, environment, file, scope: found.scope, stagingStack: found.stagingStack }];
  });
  if (problems.length > 0) throw new LecternError(problems);
  return ENVIRONMENTS.flatMap((environment) => read.filter((one) => one.environment === environment));
}

/** The scope that the file of a stack has, and what is wrong with it. */
export function scopeIn(text: string, file: string) {
  const { value, problems, locate } = parseYaml(text, file);
  const config = isObject(value) && isObject(value["config"]) ? value["config"] : {};
  const named = config["lectern:stagingStack"];
  const stagingStack = typeof named === "string" ? named : undefined;
  const parsed = scopeConfig.scope.safeParse(objectOf(config["lectern:scope"]));
  if (parsed.success) return { scope: parsed.data, problems, stagingStack };
  const path = (parts: readonly PropertyKey[]) => ["lectern:scope", ...parts.map(String)].join(".");
  const found = zodProblems(parsed.error, { path });
  const at = locate(["config", "lectern:scope"], "key");
  return { scope: undefined, stagingStack, problems: found.map((one) => ({ ...one, file, ...at })) };
}

/** `pulumi config set` writes JSON text. */
function objectOf(value: unknown): unknown {
  if (typeof value !== "string") return value ?? undefined;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
