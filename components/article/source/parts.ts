import type { Node } from "jsonc-parser";
import { type JsonText, nodeAt } from "../../problem/json-text.ts";
import { ORDER } from "./changes.ts";
import { ALL_KEYS } from "./course/course-keys.ts";
import type { CourseJson } from "./course/course-schema.ts";
import type { Lesson } from "./course/lessons.ts";
import { numberInText } from "./course/number-spelling.ts";
import { digestOf } from "./digest.ts";
import type { Digest } from "./types.ts";

/** Digests of files: notebooks by the lesson that names them, images by their path in the article. */
export interface FileDigests {
  readonly notebooks: ReadonlyMap<string, Digest>;
  readonly images: ReadonlyMap<string, Digest>;
}

/** Everything that the API will see, one digest for each part, in the order of their labels. */
export function partsOf(
  course: CourseJson,
  json: JsonText,
  lessons: readonly Lesson[],
  files: FileDigests,
): Record<string, Digest> {
  const metadata = Object.keys(course)
    .filter((key) => key !== "content")
    .map((key): [string, Digest] => [`metadata ${key}`, digestOf(meaning(json, nodeAt(json, [key])))]);
  const settings = lessons.map(({ label, path }): [string, Digest] => [
    `${label} settings`,
    digestOf(meaning(json, nodeAt(json, path))),
  ]);
  const order: [string, Digest] = [ORDER, digestOf(JSON.stringify(lessons.map(({ label }) => label)))];
  return withFiles(Object.fromEntries([...metadata, ...settings, order]), files);
}

/** Parts with these files instead of theirs, in the order of their labels. */
export function withFiles(
  parts: Readonly<Record<string, Digest>>,
  { notebooks, images }: FileDigests,
): Record<string, Digest> {
  const isFile = (label: string) => label.startsWith("image ") || /^chapter .* notebook$/s.test(label);
  return Object.fromEntries(
    [
      ...Object.entries(parts).filter(([label]) => !isFile(label)),
      ...[...notebooks].map(([label, digest]): [string, Digest] => [`${label} notebook`, digest]),
      ...[...images].map(([path, digest]): [string, Digest] => [`image ${path}`, digest]),
    ].sort(byLabel),
  );
}

/** The digest of all parts together. */
export function fingerprintOf(parts: Readonly<Record<string, Digest>>): Digest {
  return digestOf(JSON.stringify(Object.entries(parts).sort(byLabel)));
}

function byLabel(a: readonly [string, Digest], b: readonly [string, Digest]): number {
  return a[0] < b[0] ? -1 : 1;
}

/**
 * A JSON value without its formatting and without what qBook ignores: keys sorted, no spaces. The numbers of chapters and sections
 * stay as they are spelled, and `sections` is left out: each section is a part of its own.
 */
function meaning(json: JsonText, node: Node | undefined): string {
  if (!node) return "null";
  if (node.type === "array")
    return `[${(node.children ?? []).map((child) => meaning(json, child)).join(",")}]`;
  if (node.type !== "object") return JSON.stringify(node.value);
  const fields = (node.children ?? []).flatMap(({ children: [name, value] = [] }): [string, string][] => {
    const key = String(name?.value);
    if (key === "sections" || !ALL_KEYS.has(key)) return [];
    return [[key, spelled(json, key, value)]];
  });
  return `{${fields
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, text]) => `${JSON.stringify(key)}:${text}`)
    .join(",")}}`;
}

function spelled(json: JsonText, key: string, value: Node | undefined): string {
  const quoted = numberInText(key, value?.value);
  if (quoted !== undefined) return quoted;
  const isNumber = value?.type === "number" && /^(chapter|section)Number$/.test(key);
  return isNumber ? json.text.slice(value.offset, value.offset + value.length) : meaning(json, value);
}
