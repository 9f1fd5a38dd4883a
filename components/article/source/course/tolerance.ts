import { isObject } from "../../../json.ts";
import type { JsonPath, JsonText } from "../../../problem/json-text.ts";
import { distance, nearest } from "../../../problem/nearest.ts";
import type { Problem } from "../../../problem/problem.ts";
import { jsonPath } from "../../../problem/zod.ts";
import { keysAt } from "./course-keys.ts";
import { courseProblem } from "./course-problem.ts";
import { numberInText } from "./number-spelling.ts";

/**
 * What qBraid's own deploy action accepts although it is not the format: fields that qBook does not know, numbers
 * in quotes, and null instead of sections. It is read as it is meant, with a warning at each place.
 * @param value the parsed `course.json`
 */
export function tolerate(json: JsonText, value: unknown): { meant: unknown; warnings: Problem[] } {
  const warnings: Problem[] = [];
  const meant = eachObject(value, [], (path, [key, field], all) => {
    const at = [...path, key];
    if (isIgnored(key, path, Object.keys(all))) {
      warnings.push(ignoredField(json, at));
      return [];
    }
    if (key === "sections" && field === null) {
      warnings.push(nullSections(json, at));
      return [];
    }
    const number = numberInText(key, field);
    if (number === undefined) return [[key, field]];
    warnings.push(quotedNumber(json, at, number));
    return [[key, Number(number)]];
  });
  return { meant, warnings };
}

/** A valid `course.json` without the fields that qBook does not know, as the API gets it. */
export function knownFields(value: unknown): unknown {
  return eachObject(value, [], (path, [key, field]) =>
    keysAt(path).includes(key) && !(key === "sections" && field === null) ? [[key, field]] : [],
  );
}

type Field = readonly [key: string, value: unknown];

/** Makes another value of one, field by field, wherever the format has an object. */
function eachObject(
  value: unknown,
  path: JsonPath,
  fields: (path: JsonPath, field: Field, all: Readonly<Record<string, unknown>>) => Field[],
): unknown {
  if (Array.isArray(value)) return value.map((one, index) => eachObject(one, [...path, index], fields));
  if (!isObject(value) || keysAt(path).length === 0) return value;
  const kept = Object.entries(value).flatMap((field) => fields(path, field, value));
  return Object.fromEntries(kept.map(([key, inner]) => [key, eachObject(inner, [...path, key], fields)]));
}

/** Whether a field is none of the format's, and no misspelt one of them either. */
function isIgnored(key: string, path: JsonPath, present: readonly string[]): boolean {
  const known = keysAt(path);
  if (known.includes(key)) return false;
  // `filePath` is without effect: nothing is lost where it is misspelt.
  const candidates = known.filter((name) => name !== "filePath");
  return nearest(key, candidates).every((name) => present.includes(name) && distance(key, name) > 1);
}

function ignoredField(json: JsonText, path: JsonPath): Problem {
  const of = path.length === 1 ? "course.json" : jsonPath(path.slice(0, -1));
  return courseProblem(json, path, {
    code: "ignored-key",
    severity: "warning",
    message: `${JSON.stringify(path.at(-1))} is not a field of ${of}; qBook ignores it, and it is not sent`,
    remedy: "Remove it, unless another tool reads it",
  });
}

function quotedNumber(json: JsonText, path: JsonPath, number: string): Problem {
  return courseProblem(json, path, {
    code: "number-in-quotes",
    severity: "warning",
    message: `${jsonPath(path)} is a text, and is sent as the number ${number}`,
    remedy: "Remove the quotes",
  });
}

function nullSections(json: JsonText, path: JsonPath): Problem {
  return courseProblem(json, path, {
    code: "null-sections",
    severity: "warning",
    message: `${jsonPath(path)} is null, and counts as no sections`,
    remedy: "Leave it out, or write []",
  });
}
