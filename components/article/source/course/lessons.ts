import { isObject } from "../../../json.ts";
import { type JsonPath, type JsonText, nodeAt } from "../../../problem/json-text.ts";
import type { CourseFile } from "./course-json.ts";
import { numberInText } from "./number-spelling.ts";

/** A chapter or a section; its fields are absent where `course.json` has them wrong. */
export interface Lesson {
  /** `chapter 2 'Entanglement'`, unique in its article. */
  readonly label: string;
  readonly path: JsonPath;
  /** The notebook, relative to the article's folder. */
  readonly baseFilePath?: string;
  /** As it is written, which may be blank. */
  readonly kernelId?: string;
}

/** Every chapter and section in reading order. */
export function lessonsOf({ json, data }: Pick<CourseFile, "json" | "data">): Lesson[] {
  const content = Array.isArray(data["content"]) ? data["content"] : [];
  const taken = new Map<string, number>();
  const unique = (label: string) => {
    const count = (taken.get(label) ?? 0) + 1;
    taken.set(label, count);
    return count === 1 ? label : `${label} (${count})`;
  };
  return content.flatMap((chapter: unknown, index) => {
    const path = ["content", index];
    const number = numberText(json, [...path, "chapterNumber"]);
    const label = unique(`chapter ${number} '${textIn(chapter, "chapterName") ?? ""}'`);
    const sections = sectionsOf(chapter).map((section, at) => {
      const inner = [...path, "sections", at];
      const name = textIn(section, "sectionName") ?? "";
      return lesson(
        section,
        inner,
        unique(`${label} section ${numberText(json, [...inner, "sectionNumber"])} '${name}'`),
      );
    });
    return [lesson(chapter, path, label), ...sections];
  });
}

/** The sections of a chapter, none where they are no list. */
export function sectionsOf(chapter: unknown): readonly unknown[] {
  return isObject(chapter) && Array.isArray(chapter["sections"]) ? chapter["sections"] : [];
}

/** A number as it is spelled: `1.10` and `1.1` are one number in JSON and two chapters in a book. */
export function numberText(json: JsonText, path: JsonPath): string {
  const node = nodeAt(json, path);
  if (node?.type === "number") return json.text.slice(node.offset, node.offset + node.length);
  return numberInText(String(path.at(-1)), node?.value) ?? "";
}

function lesson(value: unknown, path: JsonPath, label: string): Lesson {
  const baseFilePath = textIn(value, "baseFilePath");
  const kernelId = isObject(value) ? value["kernelId"] : undefined;
  return {
    label,
    path,
    ...(baseFilePath !== undefined && { baseFilePath }),
    ...(typeof kernelId === "string" && { kernelId }),
  };
}

function textIn(value: unknown, key: string): string | undefined {
  const text = isObject(value) ? value[key] : undefined;
  return typeof text === "string" && text.trim() !== "" ? text : undefined;
}
