import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Document, isMap, parseDocument } from "yaml";
import { isObject } from "../../../components/json.ts";
import { LecternError } from "../../../components/problem/problem.ts";
import { parseYaml } from "../../../components/problem/yaml-file.ts";

/** Decisions of a stack that an import adds, by name. */
export interface Decisions {
  readonly key: "lectern:kernels" | "lectern:articles";
  readonly entries: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** A stack's file before and after its decisions are added. */
export interface StackFileChange {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/**
 * What a stack's file becomes with these decisions; its comments and everything else stay.
 * @param project its folder
 * @throws {LecternError} where there is no such file, or it decides on one of them already
 */
export function decided(project: string, stack: string, decisions: Decisions): StackFileChange {
  const file = `Pulumi.${stack}.yaml`;
  const path = join(project, file);
  if (!existsSync(path)) {
    const remedy = `Make the stack first: \`pulumi stack init ${stack}\``;
    throw new LecternError({
      code: "no-stack-file",
      severity: "error",
      file,
      message: "there is no such file",
      remedy,
    });
  }
  const before = readFileSync(path, "utf8");
  const { problems } = parseYaml(before, file);
  if (problems.length > 0) throw new LecternError(problems);
  return { path, before, after: withDecisions(before, file, decisions) };
}

function withDecisions(text: string, file: string, { key, entries }: Decisions): string {
  const document: Document = parseDocument(text);
  if (!isMap(document.contents)) document.contents = document.createNode({});
  if (!isMap(document.get("config"))) document.set("config", document.createNode({}));
  const there = document.getIn(["config", key]);
  // `pulumi config set` without --path keeps a map as JSON text.
  if (typeof there === "string")
    document.setIn(["config", key], document.createNode(mapIn(there, file, key)));
  else if (!isMap(there)) document.setIn(["config", key], document.createNode({}));
  for (const [name, decision] of Object.entries(entries)) {
    const path = ["config", key, name];
    const known = document.getIn(path);
    const added = isMap(known)
      ? Object.keys(decision).filter((one) => known.has(one))
      : Object.keys(decision);
    if (known !== undefined && (!isMap(known) || added.length > 0)) throw decidedAlready(file, key, name);
    for (const [field, value] of Object.entries(decision)) document.setIn([...path, field], value);
  }
  return document.toString({ lineWidth: 0 });
}

function mapIn(text: string, file: string, key: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {
    // It is reported below.
  }
  throw new LecternError({
    code: "wrong-type",
    severity: "error",
    file,
    path: key,
    message: "the value is no map",
    remedy: "Write it as a map of YAML",
  });
}

const decidedAlready = (file: string, key: string, name: string) =>
  new LecternError({
    code: "decided-already",
    severity: "error",
    file,
    path: `${key}.${name}`,
    message: `the stack has decided on ${name} already`,
    remedy: "Remove that decision first, or leave this one out of the import",
  });
