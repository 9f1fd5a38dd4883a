import { YAMLException } from "js-yaml";
import { isObject, type JsonObject } from "../../../json.ts";
import { LecternError, type Problem } from "../../../problem/problem.ts";
import { type YamlPlaces, yamlPlaces } from "../../../problem/yaml-file.ts";
import { deepMerge } from "../deep-merge.ts";
import type { ValuesLayer } from "../layers.ts";
import { loadAsHelm } from "./helm-yaml.ts";

/**
 * Reads a file of values as Helm does: several documents merge, and an empty file sets nothing. Unlike Helm, a
 * repeated key is a problem.
 * @param file its name in messages and in the provenance of values
 * @throws {LecternError} with every fault of the text and its place
 */
export function readValuesFile(text: string, file: string): ValuesLayer {
  // Values are read with js-yaml, several times as fast as the parser that knows the places: these are
  // only wanted where something is wrong.
  let places: YamlPlaces | undefined;
  const known = () => {
    places ??= yamlPlaces(text, file);
    return places;
  };
  const values = load(text, file, known);
  return { source: file, values, locate: (path, part) => known().locate(path, part) };
}

/** {@link readValuesFile} without the places of the values. */
export const loadValues = (text: string, file: string): JsonObject =>
  load(text, file, () => yamlPlaces(text, file));

function load(text: string, file: string, places: () => YamlPlaces): JsonObject {
  let documents: unknown[];
  try {
    documents = loadAsHelm(text);
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const { problems } = places();
    throw new LecternError(problems.length > 0 ? problems : faultOf(error, file));
  }
  const maps = documents.filter((document) => document !== null);
  if (!maps.every(isObject)) throw new LecternError(notAMap(file));
  return deepMerge(...maps);
}

function faultOf({ reason, mark }: YAMLException, file: string): Problem {
  return {
    code: "malformed-file",
    severity: "error",
    file,
    ...(mark ? { line: mark.line + 1, column: mark.column + 1 } : {}),
    message: `this is not YAML that Helm reads: ${reason}`,
    remedy: "Correct it",
  };
}

function notAMap(file: string): Problem {
  return {
    code: "wrong-type",
    severity: "error",
    file,
    line: 1,
    column: 1,
    message: "values must be a map of keys",
    remedy: "Write `key: value` lines, or leave the file empty",
  };
}
