import { readFileSync } from "node:fs";
import { loadValues } from "../../components/hub/values/file/values-file.ts";
import { isEncrypted } from "../../components/hub/values/secrets/sops.ts";
import { isObject, type JsonObject } from "../../components/json.ts";
import { LecternError } from "../../components/problem/problem.ts";
import { jsonPath } from "../../components/problem/zod.ts";
import type { ImportPlan } from "./plan.ts";

/** A file of values of a release, in the order in which the repository merges them. */
export interface SourceFile {
  readonly path: string;
  /** Its name in the cluster's folder of the catalog. */
  readonly name: string;
  /** Whether it has to be encrypted. */
  readonly secret: boolean;
}

/** The files of a release as `cluster.yaml` names them. */
export interface ReleaseFiles {
  readonly values?: readonly string[];
  readonly secrets?: readonly string[];
}

/**
 * Takes the values files of a release over. Encrypted ones stay encrypted, and go over the others: where that
 * would change what is merged, it is noted.
 * @param folder the cluster's folder in the catalog
 */
export function takeValues(plan: ImportPlan, folder: string, files: readonly SourceFile[]): ReleaseFiles {
  const taken = files.flatMap((file) => {
    const content = contentOf(plan, file);
    return content ? [{ ...file, content }] : [];
  });
  for (const { path, name } of taken) plan.copy(path, `${folder}/${name}`);
  const plain = taken.filter(({ secret }) => !secret);
  const secrets = taken.filter(({ secret }) => secret);
  for (const file of plain) {
    const before = secrets.filter((secret) => taken.indexOf(secret) < taken.indexOf(file));
    for (const secret of before) noteOrder(plan, file, secret);
  }
  const names = (some: readonly SourceFile[]) => some.map(({ name }) => name);
  return {
    ...(plain.length > 0 ? { values: names(plain) } : {}),
    ...(secrets.length > 0 ? { secrets: names(secrets) } : {}),
  };
}

/** What a file has, undefined where it can't be taken over. */
function contentOf(plan: ImportPlan, { path, secret }: SourceFile): JsonObject | undefined {
  if (path.endsWith(".jsonnet")) {
    plan.noteJsonnet(path);
    return undefined;
  }
  let values: JsonObject;
  try {
    values = loadValues(readFileSync(path, "utf8"), path);
  } catch (error) {
    const reason = error instanceof LecternError ? error.problems[0]?.message : String(error);
    plan.note(
      "unreadable-file",
      path,
      `this file of values can't be read: ${reason}`,
      "Correct it, and import again",
    );
    return undefined;
  }
  if (!secret || isEncrypted(values)) return values;
  const remedy = "Encrypt it with sops, add it to `secrets` of its hubs, and replace what was readable";
  plan.note(
    "not-encrypted",
    path,
    "this file of secrets is not encrypted with sops, and is not copied",
    remedy,
  );
  return undefined;
}

interface TakenFile extends SourceFile {
  readonly content: JsonObject;
}

function noteOrder(plan: ImportPlan, later: TakenFile, secret: TakenFile): void {
  const path = commonPath(later.content, secret.content);
  if (path === undefined) return;
  const message = `it sets ${path} over ${secret.name}, but secrets go over all other values`;
  plan.note("order", later.path, message, `Take ${path} out of one of the two`);
}

/** A path that both decide; undefined where they merge to the same in either order. */
function commonPath(one: JsonObject, other: JsonObject, path: readonly string[] = []): string | undefined {
  for (const key of Object.keys(one).filter((each) => Object.hasOwn(other, each))) {
    const [a, b] = [one[key], other[key]];
    const at = [...path, key];
    if (!isObject(a) || !isObject(b)) return jsonPath(at);
    const inner = commonPath(a, b, at);
    if (inner !== undefined) return inner;
  }
  return undefined;
}
