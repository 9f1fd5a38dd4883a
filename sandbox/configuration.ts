import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { isObject } from "../components/json.ts";
import { LecternError } from "../components/problem/problem.ts";

/** A stack's configuration as an engine passes it to a program: every value is text. */
export type RawConfig = Record<string, string>;

/**
 * The configuration in `Pulumi.<stack>.yaml`. Encrypted values are left out: only the owner of the
 * stack can read them, and the sandbox has its own.
 * @throws {LecternError} if the file is missing or malformed
 */
export async function readStackFile(projectRoot: string, stack: string): Promise<RawConfig> {
  const file = `Pulumi.${stack}.yaml`;
  const document = parseYaml(file, await readText(projectRoot, file, stack));
  const config = isObject(document) ? (document["config"] ?? {}) : undefined;
  if (!isObject(config))
    throw malformed(file, "the mapping `config` is missing", "Write the keys below `config:`");
  return Object.fromEntries(
    Object.entries(config)
      .filter(([, value]) => !(isObject(value) && "secure" in value))
      .map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}

/** The name in Pulumi.yaml, which every URN begins with. @throws {LecternError} if it has none */
export async function projectName(projectRoot: string): Promise<string> {
  const document = parseYaml("Pulumi.yaml", await readFile(join(projectRoot, "Pulumi.yaml"), "utf8"));
  const name = isObject(document) ? document["name"] : undefined;
  if (typeof name === "string" && name !== "") return name;
  throw malformed("Pulumi.yaml", "the project has no `name`", "Add `name: lectern`");
}

/** The configuration with removals confirmed in addition to those that it names. */
export function withConfirmed(config: RawConfig, confirmed: readonly string[] = []): RawConfig {
  if (confirmed.length === 0) return config;
  const key = "lectern:confirmRemovals";
  const named: unknown = JSON.parse(config[key] ?? "[]");
  const all = [...(Array.isArray(named) ? named : []), ...confirmed];
  return { ...config, [key]: JSON.stringify(all) };
}

/** Settings from the command line, `key=value`. @throws {LecternError} if one has no value */
export function readSettings(settings: readonly string[]): RawConfig {
  return Object.fromEntries(
    settings.map((setting) => {
      const [, key, value] = /^([^=]+)=(.*)$/s.exec(setting) ?? [];
      if (key !== undefined && value !== undefined)
        return [key.includes(":") ? key : `lectern:${key}`, value];
      throw new LecternError({
        code: "usage",
        severity: "error",
        path: "--config",
        message: `${JSON.stringify(setting)} has no value`,
        remedy: "Write key=value, such as titlePrefix=Draft",
      });
    }),
  );
}

async function readText(projectRoot: string, file: string, stack: string): Promise<string> {
  try {
    return await readFile(join(projectRoot, file), "utf8");
  } catch {
    throw new LecternError({
      code: "usage",
      severity: "error",
      path: "--stack",
      message: `unknown stack "${stack}"`,
      remedy: "Use sandbox, staging or prod",
    });
  }
}

function parseYaml(file: string, text: string): unknown {
  try {
    return parse(text) ?? {};
  } catch (error) {
    throw malformed(file, error instanceof Error ? error.message : String(error), "Fix the YAML");
  }
}

const malformed = (file: string, message: string, remedy: string) =>
  new LecternError({ code: "malformed-configuration", severity: "error", file, message, remedy });
