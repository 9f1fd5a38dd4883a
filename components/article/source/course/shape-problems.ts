import type * as z from "zod";
import {
  type JsonPath,
  type JsonText,
  nodeAt,
  placeAt,
  placeOf,
  snippetAt,
} from "../../../problem/json-text.ts";
import { didYouMean } from "../../../problem/nearest.ts";
import type { Problem } from "../../../problem/problem.ts";
import { jsonPath } from "../../../problem/zod.ts";
import { DEPLOYMENT_TARGETS, keysAt } from "./course-keys.ts";
import { courseProblem } from "./course-problem.ts";
import { type CourseJson, courseSchema } from "./course-schema.ts";
import { tolerate } from "./tolerance.ts";

/** What a `course.json` means that is not written as the format says, or what is wrong with its shape. */
export function explainShape(
  json: JsonText,
  value: unknown,
): { readonly course?: CourseJson; readonly problems: Problem[] } {
  const { meant, warnings } = tolerate(json, value);
  const parsed = courseSchema.safeParse(meant);
  if (parsed.success) return { course: parsed.data, problems: warnings };
  return { problems: [...warnings, ...parsed.error.issues.flatMap((issue) => shapeProblem(json, issue))] };
}

function shapeProblem(json: JsonText, issue: z.core.$ZodIssue): Problem[] {
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
