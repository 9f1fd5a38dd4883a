import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { LecternError } from "../problem/problem.ts";
import { parseYaml } from "../problem/yaml-file.ts";

/** What a stack that deploys a part of an environment takes from the environment's file. */
export interface Inherited {
  /** Plain values by their key below `lectern:`, as text, objects as JSON. */
  readonly values: Readonly<Record<string, string>>;
  /** Keys that are secrets there: encrypted for another stack, so they are not taken. */
  readonly secrets: readonly string[];
}

/** Keys that say what a stack itself is. */
const OWN: ReadonlySet<string> = new Set(["environment", "scope"]);

/**
 * Reads the plain values of `Pulumi.<environment>.yaml`, which are the defaults of the environment's other stacks.
 * @param folder the project's; the engine starts programs and providers in it
 * @throws {LecternError} where there is no such file, or it is not YAML
 */
export function inheritedConfig(environment: string, folder = "."): Inherited {
  const name = `Pulumi.${environment}.yaml`;
  const path = join(folder, name);
  if (!/^[a-z0-9]+$/i.test(environment) || !existsSync(path)) {
    throw new LecternError({
      code: "missing-file",
      severity: "error",
      path: "lectern:environment",
      message: `there is no ${name} to take defaults from`,
      remedy: "Name the environment that this stack is a part of, such as prod",
    });
  }
  const { value, problems } = parseYaml(readFileSync(path, "utf8"), name);
  if (problems.length > 0) throw new LecternError(problems);
  const config = isObject(value) && isObject(value["config"]) ? value["config"] : {};
  const entries = Object.entries(config).flatMap(([fullKey, entry]) => {
    const [namespace, key = ""] = fullKey.split(":");
    return namespace !== "lectern" || OWN.has(key) || entry === null ? [] : [[key, entry] as const];
  });
  return {
    values: Object.fromEntries(
      entries.filter(([, entry]) => !holdsSecret(entry)).map(([key, entry]) => [key, textOf(entry)]),
    ),
    secrets: entries.filter(([, entry]) => holdsSecret(entry)).map(([key]) => key),
  };
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const textOf = (entry: unknown) => (typeof entry === "string" ? entry : JSON.stringify(entry));

/** Whether a value, or a part of it, was set with `--secret`. */
function holdsSecret(entry: unknown): boolean {
  if (Array.isArray(entry)) return entry.some(holdsSecret);
  return isObject(entry) && ("secure" in entry || Object.values(entry).some(holdsSecret));
}
