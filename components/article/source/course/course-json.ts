import type * as z from "zod";
import { isObject } from "../../../json.ts";
import { repeatedKeys, syntaxProblem } from "../../../problem/json-problems.ts";
import {
  type JsonPath,
  type JsonText,
  nodeAt,
  parseJsonText,
  placeAt,
  placeOf,
  snippetAt,
} from "../../../problem/json-text.ts";
import { didYouMean } from "../../../problem/nearest.ts";
import type { Problem } from "../../../problem/problem.ts";
import { jsonPath } from "../../../problem/zod.ts";
import { COURSE_FILE, courseProblem } from "./course-problem.ts";
import { type CourseJson, courseSchema, DEPLOYMENT_TARGETS, keysAt } from "./course-schema.ts";
import { tolerate } from "./tolerance.ts";

/** `course.json` after its shape was checked; `course` is absent where the shape is wrong. */
export interface CourseFile {
  readonly json: JsonText;
  /** The object as it is written, right or wrong; empty where there is none. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly course?: CourseJson;
  readonly problems: readonly Problem[];
}

/**
 * Parses the text of a `course.json`, and reports everything that is wrong with its shape.
 * `shown` is the text that snippets are taken from: of the same length, secrets masked.
 */
export function parseCourse(text: string, shown = text): CourseFile {
  const json = parseJsonText(text, shown);
  const source = { json, file: COURSE_FILE, snippets: true };
  if (json.fault) return { json, data: {}, problems: [syntaxProblem(source, json.fault)] };
  const repeated = repeatedKeys(source);
  const value: unknown = JSON.parse(text);
  const data = isObject(value) ? value : {};
  const { meant, warnings } = tolerate(json, value);
  const parsed = courseSchema.safeParse(meant);
  const found = [...repeated, ...warnings];
  if (parsed.success) return { json, data, course: parsed.data, problems: found };
  const shape = parsed.error.issues.flatMap((issue) => shapeProblems(json, issue));
  return { json, data, problems: [...found, ...shape] };
}

function shapeProblems(json: JsonText, issue: z.core.$ZodIssue): Problem[] {
  const path = issue.path.filter((step): step is string | number => typeof step !== "symbol");
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownKey(json, path, key));
  const field = jsonPath(path) || "The file";
  if (!nodeAt(json, path)) {
    return [
      courseProblem(json, path, {
        code: "missing-field",
        severity: "error",
        message: `${field} is missing`,
        remedy: `Add ${JSON.stringify(path.at(-1))}, ${expectation(issue)}`,
      }),
    ];
  }
  const common = { severity: "error", remedy: remedyFor(path, issue) } as const;
  if (issue.code === "custom") {
    return [courseProblem(json, path, { ...common, code: "empty-field", message: `${field} is empty` })];
  }
  const wrongType = issue.code === "invalid_type";
  const code = wrongType ? "wrong-type" : codeOfValue(path);
  return [courseProblem(json, path, { ...common, code, message: `${field} must be ${expectation(issue)}` })];
}

function unknownKey(json: JsonText, path: JsonPath, key: string): Problem {
  const place = placeOf(json, [...path, key]);
  const known = keysAt(path);
  const node = nodeAt(json, [...path, key])?.parent ?? json.root;
  return {
    ...courseProblem(json, [...path, key], {
      code: "unknown-key",
      severity: "error",
      message: `${JSON.stringify(key)} is not a field of ${path.length === 0 ? "course.json" : jsonPath(path)}`,
      remedy: didYouMean(key, known, `Remove it, or use one of ${known.join(", ")}`),
    }),
    ...(node ? placeAt(json.text, node.offset) : place),
    snippet: snippetAt(json.shown, node?.offset ?? 0),
  };
}

function codeOfValue(path: JsonPath): string {
  if (path[0] === "deployedTo")
    return path.length === 1 ? "no-deployment-target" : "unknown-deployment-target";
  return path[0] === "certificateSettings" ? "certificate-rule" : "wrong-value";
}

const NOUNS: Record<string, string> = {
  string: "a text in quotes",
  number: "a number without quotes",
  boolean: "true or false",
  array: "a list in [ ]",
  object: "an object in { }",
};

/** What should stand there, to be read after "must be" or after a comma. */
function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_type") return NOUNS[issue.expected] ?? `a ${issue.expected}`;
  if (issue.code === "invalid_value")
    return `one of ${issue.values.map((value) => JSON.stringify(value)).join(", ")}`;
  if (issue.code === "too_small" && issue.origin === "array") return "a list with at least one entry";
  if (issue.code === "too_small") return `${issue.minimum} or more`;
  return "a text that isn't empty";
}

function remedyFor(path: JsonPath, issue: z.core.$ZodIssue): string {
  if (path[0] === "visibility") return 'Write "public" or "private"';
  if (path[0] === "deployedTo") return `Name at least one of ${DEPLOYMENT_TARGETS.join(", ")}`;
  if (path.at(-1) === "sections") return "Leave it out where a chapter has no sections, or write []";
  return `Write ${expectation(issue)}`;
}
