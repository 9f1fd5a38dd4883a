import { isObject, type JsonObject } from "../../../json.ts";
import { DEPLOYMENT_TARGETS, OPTIONAL_KEYS, REQUIRED_KEYS } from "./course-keys.ts";
import type { Certificate, CourseJson } from "./course-schema.ts";

/*
 * What course-schema.ts describes, as plain conditions: nearly every `course.json` is right, and loading the
 * schema takes longer than to read a whole course. A test compares both. What is wrong, the schema explains.
 */

/** Whether a value has the shape of a `course.json`. */
export function isCourse(value: unknown): value is CourseJson {
  return (
    hasKeys(value, "") &&
    isNamed(value["courseName"]) &&
    isText(value["courseDescription"]) &&
    isNamed(value["visibility"]) &&
    isLogos(value["imageLink"]) &&
    isList(value["tags"], isText) &&
    isList(value["deployedTo"], isTarget) &&
    value["deployedTo"].length > 0 &&
    (value["certificateSettings"] === undefined || isCertificate(value["certificateSettings"])) &&
    isList(value["content"], isChapter)
  );
}

/** Whether a value has the shape of `certificateSettings`. */
export function isCertificate(value: unknown): value is Certificate {
  if (!hasKeys(value, "certificateSettings") || typeof value["enabled"] !== "boolean") return false;
  const { criteria } = value;
  return (
    hasKeys(criteria, "certificateSettings.criteria") &&
    (criteria["type"] === "completion" || criteria["type"] === "points") &&
    isNumber(criteria["value"]) &&
    criteria["value"] >= 0
  );
}

/** Whether a value is an object with the keys of its place in the format. */
function hasKeys(value: unknown, place: keyof typeof REQUIRED_KEYS): value is JsonObject {
  if (!isObject(value)) return false;
  const required: readonly string[] = REQUIRED_KEYS[place];
  const optional = OPTIONAL_KEYS[place] ?? [];
  return (
    required.every((key) => Object.hasOwn(value, key)) &&
    Object.keys(value).every((key) => required.includes(key) || optional.includes(key))
  );
}

function isList<T>(value: unknown, isItem: (item: unknown) => item is T): value is T[] {
  return Array.isArray(value) && value.every(isItem);
}

const isText = (value: unknown): value is string => typeof value === "string";
const isNamed = (value: unknown): value is string => isText(value) && value.trim() !== "";
const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);
const isTarget = (value: unknown): value is string => DEPLOYMENT_TARGETS.some((target) => target === value);

function isLogos(value: unknown): boolean {
  return hasKeys(value, "imageLink") && isText(value["darkLogo"]) && isText(value["lightLogo"]);
}

function isChapter(value: unknown): value is JsonObject {
  return (
    hasKeys(value, "content") &&
    isNamed(value["chapterName"]) &&
    isText(value["chapterFileName"]) &&
    isNumber(value["chapterNumber"]) &&
    isLesson(value) &&
    (value["sections"] === undefined || isList(value["sections"], isSection))
  );
}

function isSection(value: unknown): value is JsonObject {
  return (
    hasKeys(value, "content.sections") &&
    isNumber(value["sectionNumber"]) &&
    isNamed(value["sectionName"]) &&
    isLesson(value)
  );
}

function isLesson(value: JsonObject): boolean {
  return (
    isNamed(value["baseFilePath"]) &&
    isText(value["kernelName"]) &&
    isText(value["kernelId"]) &&
    (value["filePath"] === undefined || isText(value["filePath"]))
  );
}
