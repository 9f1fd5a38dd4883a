import { isObject, type JsonObject } from "../../json.ts";
import { didYouMean } from "../../problem/nearest.ts";
import type { Problem } from "../../problem/problem.ts";
import { jsonPath } from "../../problem/zod.ts";

/**
 * How values files and profiles name an image that the catalog builds: the whole of a text is
 * `lectern://images/<name>`, which becomes `repository@sha256:…`, or that with `#repository` or `#tag`, for charts
 * that take the two apart.
 */
export const SCHEME = "lectern://";

const PARTS = ["repository", "tag"] as const;

/** What of an image stands in the placeholder's place. */
export type ImagePart = (typeof PARTS)[number] | "reference";

export interface ImagePlaceholder {
  /** The image's folder in the catalog's images/. */
  readonly name: string;
  readonly part: ImagePart;
  readonly path: readonly (string | number)[];
}

/** Where a value was written: its file and its place there. */
export type LocateValue = (path: readonly PropertyKey[]) => Pick<Problem, "file" | "line" | "column">;

const FORM = new RegExp(`^${SCHEME}images/([^/#\\s]+)(?:#(${PARTS.join("|")}))?$`);

/** A text that is a placeholder, taken apart; undefined where it is none, or a malformed one. */
export function parsePlaceholder(text: string): Omit<ImagePlaceholder, "path"> | undefined {
  const [, name, part = "reference"] = FORM.exec(text) ?? [];
  return name === undefined ? undefined : { name, part: part as ImagePart };
}

/** Every placeholder in values, in their order. */
export function placeholdersIn(values: unknown): ImagePlaceholder[] {
  return textsIn(values, []).flatMap(({ text, path }) => {
    const placeholder = parsePlaceholder(text);
    return placeholder ? [{ ...placeholder, path }] : [];
  });
}

/** The values with each placeholder replaced; what has none stays the same object. */
export function replacePlaceholders(
  values: JsonObject,
  replace: (placeholder: ImagePlaceholder) => unknown,
): JsonObject {
  return replaced(values, [], replace) as JsonObject;
}

function replaced(
  value: unknown,
  path: readonly (string | number)[],
  replace: (placeholder: ImagePlaceholder) => unknown,
): unknown {
  if (typeof value === "string") {
    const placeholder = parsePlaceholder(value);
    return placeholder ? replace({ ...placeholder, path }) : value;
  }
  if (Array.isArray(value)) {
    const items = value.map((item, index) => replaced(item, [...path, index], replace));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(
    ([key, item]) => [key, replaced(item, [...path, key], replace)] as const,
  );
  return entries.some(([key, item]) => item !== value[key]) ? Object.fromEntries(entries) : value;
}

/**
 * A part of an image.
 * @param image `repository:tag@sha256:…`
 * @returns `repository@sha256:…`, `repository` or `tag@sha256:…`
 */
export function partOfImage(image: string, part: ImagePart): string {
  const [, repository = "", tag = "", digest = ""] =
    /^(.+):([^:/@]+)(@sha256:[0-9a-f]{64})$/.exec(image) ?? [];
  if (part === "repository") return repository;
  return part === "tag" ? `${tag}${digest}` : `${repository}${digest}`;
}

/** Whether an image, `repository:tag@sha256:…`, has this tag. */
export const hasTag = (image: string, tag: string) => image.includes(`:${tag}@`);

/**
 * What is wrong with the placeholders of values: one that is malformed or part of a longer text, which nothing
 * would replace, and an image that the catalog has not.
 * @param images the names of the catalog's images/
 */
export function placeholderProblems(
  values: unknown,
  images: readonly string[],
  locate: LocateValue = () => ({}),
): Problem[] {
  return textsIn(values, []).flatMap(({ text, path }) => {
    if (!text.includes(SCHEME)) return [];
    const fault = faultOf(text, images);
    if (!fault) return [];
    const { message, remedy } = fault;
    return [
      {
        code: "image-placeholder",
        severity: "error",
        message,
        remedy,
        ...locate(path),
        path: jsonPath(path),
      },
    ];
  });
}

function faultOf(text: string, images: readonly string[]): Pick<Problem, "message" | "remedy"> | undefined {
  const shown = JSON.stringify(text);
  const { name } = parsePlaceholder(text) ?? {};
  if (name === undefined) {
    const message = `${shown} names no image of the catalog`;
    const forms = ["", ...PARTS.map((part) => `#${part}`)].map((end) => `${SCHEME}images/<name>${end}`);
    return { message, remedy: `Write ${forms.join(", ")}, and nothing else in the text` };
  }
  if (images.includes(name)) return undefined;
  const fallback = `Add catalog/images/${name}/Dockerfile`;
  return {
    message: `the catalog's images/ has no folder ${JSON.stringify(name)}`,
    remedy: didYouMean(name, images, fallback),
  };
}

interface TextAt {
  readonly text: string;
  readonly path: readonly (string | number)[];
}

function textsIn(value: unknown, path: readonly (string | number)[]): TextAt[] {
  if (typeof value === "string") return [{ text: value, path }];
  if (Array.isArray(value)) return value.flatMap((item, index) => textsIn(item, [...path, index]));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => textsIn(item, [...path, key]));
}
