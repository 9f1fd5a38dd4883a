import { isObject } from "../../../json.ts";
import { repeatedKeys, syntaxProblem } from "../../../problem/json-problems.ts";
import { type JsonText, parseJsonText } from "../../../problem/json-text.ts";
import type { Problem } from "../../../problem/problem.ts";
import { COURSE_FILE } from "./course-problem.ts";
import type { CourseJson } from "./course-schema.ts";
import { isCourse } from "./course-shape.ts";

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
export async function parseCourse(text: string, shown = text): Promise<CourseFile> {
  const json = parseJsonText(text, shown);
  const source = { json, file: COURSE_FILE, snippets: true };
  if (json.fault) return { json, data: {}, problems: [syntaxProblem(source, json.fault)] };
  const repeated = repeatedKeys(source);
  const value: unknown = JSON.parse(text);
  const data = isObject(value) ? value : {};
  if (isCourse(value)) return { json, data, course: value, problems: repeated };
  const { explainShape } = await import("./shape-problems.ts");
  const { course, problems } = explainShape(json, value);
  return { json, data, ...(course && { course }), problems: [...repeated, ...problems] };
}
