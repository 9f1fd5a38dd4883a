import { didYouMean } from "../../problem/nearest.ts";
import type { Problem } from "../../problem/problem.ts";
import { courseProblem } from "./course-json.ts";
import type { CertificateSettings, CourseJson } from "./course-schema.ts";
import { type JsonPath, type JsonText, nodeAt } from "./json-text.ts";
import type { ArticleKind } from "./types.ts";

/** A notebook that `course.json` names, and the field that names it. */
export interface Lesson {
  /** `chapter 2 'Entanglement'`, unique in its article. */
  readonly label: string;
  readonly path: JsonPath;
  readonly baseFilePath: string;
  readonly kernelId: string;
}

/** The rules of `course.json` that look at more than one field, or only advise. */
export function courseRules(
  course: CourseJson,
  json: JsonText,
  kind: ArticleKind,
  declaredKernels?: ReadonlySet<string>,
): Problem[] {
  return [
    ...visibilityRule(course, json),
    ...certificateRules(course.certificateSettings, json, kind),
    ...contentRules(course, json),
    ...(declaredKernels ? kernelRules(course, json, declaredKernels) : []),
  ];
}

/** Every chapter and section in reading order. */
export function lessonsOf(course: CourseJson, json: JsonText): Lesson[] {
  const taken = new Map<string, number>();
  const unique = (label: string) => {
    const count = (taken.get(label) ?? 0) + 1;
    taken.set(label, count);
    return count === 1 ? label : `${label} (${count})`;
  };
  return course.content.flatMap((chapter, index) => {
    const path = ["content", index];
    const label = unique(`chapter ${numberText(json, [...path, "chapterNumber"])} '${chapter.chapterName}'`);
    const sections = (chapter.sections ?? []).map((section, at) => {
      const inner = [...path, "sections", at];
      const number = numberText(json, [...inner, "sectionNumber"]);
      return {
        ...section,
        label: unique(`${label} section ${number} '${section.sectionName}'`),
        path: inner,
      };
    });
    return [{ ...chapter, label, path }, ...sections].map(
      ({ label: name, path: at, baseFilePath, kernelId }) => ({
        label: name,
        path: at,
        baseFilePath,
        kernelId,
      }),
    );
  });
}

/** A number as it is spelled: `1.10` and `1.1` are one number in JSON and two chapters in a book. */
export function numberText(json: JsonText, path: JsonPath): string {
  const node = nodeAt(json, path);
  return node ? json.text.slice(node.offset, node.offset + node.length) : "";
}

function visibilityRule(course: CourseJson, json: JsonText): Problem[] {
  if (course.visibility === "public" || course.visibility === "private") return [];
  const remedy = `Write "public" or "private", unless the platform gave you this one`;
  return [
    courseProblem(json, ["visibility"], {
      code: "unusual-visibility",
      severity: "warning",
      message: `${JSON.stringify(course.visibility)} is an unusual visibility`,
      remedy: didYouMean(course.visibility, ["public", "private"], remedy),
    }),
  ];
}

function certificateRules(
  settings: CertificateSettings | undefined,
  json: JsonText,
  kind: ArticleKind,
): Problem[] {
  if (!settings) return [];
  const error = (code: string, path: JsonPath, message: string, remedy: string) =>
    courseProblem(json, path, { code, severity: "error", message, remedy });
  const { enabled, criteria } = settings;
  if (kind === "blog") {
    const remedy = "Remove certificateSettings, or move the folder to the courses";
    return [error("certificate-on-blog", ["certificateSettings"], "A blog can't give certificates", remedy)];
  }
  const value = ["certificateSettings", "criteria", "value"];
  if (criteria.type === "completion" && criteria.value > 100) {
    const message = `Completion is a percentage, and ${criteria.value} is more than 100`;
    return [error("certificate-rule", value, message, "Write a value from 0 to 100")];
  }
  if (!enabled && (criteria.type !== "completion" || criteria.value !== 100)) {
    const message = "Certificates are off, and their criteria are not the ones that stand for off";
    const remedy = 'Write {"type": "completion", "value": 100}, or set enabled to true';
    return [error("certificate-rule", ["certificateSettings", "criteria"], message, remedy)];
  }
  return [];
}

function contentRules(course: CourseJson, json: JsonText): Problem[] {
  if (course.content.length === 0) {
    const message = "There are no chapters, so readers would find an empty page";
    return [
      courseProblem(json, ["content"], {
        code: "no-chapters",
        severity: "warning",
        message,
        remedy: "Add a chapter",
      }),
    ];
  }
  const chapters = course.content.map((_, index) => ["content", index, "chapterNumber"]);
  const sections = course.content.map((chapter, index) =>
    (chapter.sections ?? []).map((_, at) => ["content", index, "sections", at, "sectionNumber"]),
  );
  return [chapters, ...sections].flatMap((level) => repeatedNumbers(json, level));
}

function repeatedNumbers(json: JsonText, level: readonly JsonPath[]): Problem[] {
  const seen = new Set<string>();
  return level.flatMap((path) => {
    const number = numberText(json, path);
    if (!seen.has(number)) {
      seen.add(number);
      return [];
    }
    const noun = path.at(-1) === "chapterNumber" ? "chapter" : "section";
    return courseProblem(json, path, {
      code: `repeated-${noun}-number`,
      severity: "warning",
      message: `Another ${noun} before this one has the number ${number} too`,
      remedy: "Number them apart, unless you mean it",
    });
  });
}

function kernelRules(course: CourseJson, json: JsonText, declared: ReadonlySet<string>): Problem[] {
  return lessonsOf(course, json)
    .filter(({ kernelId }) => !declared.has(kernelId))
    .map(({ kernelId, path }) =>
      courseProblem(json, [...path, "kernelId"], {
        code: "undeclared-kernel",
        severity: "error",
        message: `No kernel is declared with the display name ${JSON.stringify(kernelId)}`,
        remedy: kernelRemedy(kernelId, declared),
      }),
    );
}

function kernelRemedy(kernelId: string, declared: ReadonlySet<string>): string {
  if (declared.size === 0) return "Declare it, its display name exactly as here";
  const names = [...declared].sort().map((name) => JSON.stringify(name));
  return didYouMean(kernelId, declared, `Declare it, or use one of ${names.join(", ")}`);
}
