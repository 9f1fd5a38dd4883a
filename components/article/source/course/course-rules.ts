import type { JsonPath, JsonText } from "../../../problem/json-text.ts";
import { didYouMean } from "../../../problem/nearest.ts";
import type { Problem } from "../../../problem/problem.ts";
import type { ArticleKind } from "../types.ts";
import type { CourseFile } from "./course-json.ts";
import { courseProblem } from "./course-problem.ts";
import { isCertificate } from "./course-shape.ts";
import { type Lesson, lessonsOf, numberText, sectionsOf } from "./lessons.ts";

/** The rules of `course.json` that look at more than one field, or only advise. They take a broken one too. */
export function courseRules(
  { json, data }: CourseFile,
  kind: ArticleKind,
  declaredKernels?: ReadonlySet<string>,
): Problem[] {
  return [
    ...visibilityRule(data["visibility"], json),
    ...certificateRules(data["certificateSettings"], json, kind),
    ...contentRules(data["content"], json),
    ...(declaredKernels ? kernelRules(lessonsOf({ json, data }), json, declaredKernels) : []),
  ];
}

function visibilityRule(visibility: unknown, json: JsonText): Problem[] {
  if (typeof visibility !== "string" || /^(?:public|private|\s*)$/.test(visibility)) return [];
  const remedy = `Write "public" or "private", unless the platform gave you this one`;
  return [
    courseProblem(json, ["visibility"], {
      code: "unusual-visibility",
      severity: "warning",
      message: `${JSON.stringify(visibility)} is an unusual visibility`,
      remedy: didYouMean(visibility, ["public", "private"], remedy),
    }),
  ];
}

function certificateRules(value: unknown, json: JsonText, kind: ArticleKind): Problem[] {
  if (value === undefined) return [];
  const error = (code: string, path: JsonPath, message: string, remedy: string) =>
    courseProblem(json, path, { code, severity: "error", message, remedy });
  if (kind === "blog") {
    const remedy = "Remove certificateSettings, or move the folder to courses/";
    return [error("certificate-on-blog", ["certificateSettings"], "A blog can't give certificates", remedy)];
  }
  if (!isCertificate(value)) return []; // reported with the shape
  const { enabled, criteria } = value;
  if (criteria.type === "completion" && criteria.value > 100) {
    const message = `Completion is a percentage, and ${criteria.value} is more than 100`;
    return [
      error(
        "certificate-rule",
        ["certificateSettings", "criteria", "value"],
        message,
        "Write a value from 0 to 100",
      ),
    ];
  }
  if (!enabled && (criteria.type !== "completion" || criteria.value !== 100)) {
    const message = "Certificates are off, but their criteria are not those of a course without certificates";
    const remedy = 'Write {"type": "completion", "value": 100}, or set enabled to true';
    return [error("certificate-rule", ["certificateSettings", "criteria"], message, remedy)];
  }
  return [];
}

function contentRules(content: unknown, json: JsonText): Problem[] {
  if (!Array.isArray(content)) return [];
  if (content.length === 0) {
    const message = "There are no chapters, so readers would find an empty page";
    const problem = { code: "no-chapters", severity: "warning", message, remedy: "Add a chapter" } as const;
    return [courseProblem(json, ["content"], problem)];
  }
  const chapters = content.map((_, index) => ["content", index, "chapterNumber"]);
  const sections = content.map((chapter: unknown, index) =>
    sectionsOf(chapter).map((_, at) => ["content", index, "sections", at, "sectionNumber"]),
  );
  return [chapters, ...sections].flatMap((level) => repeatedNumbers(json, level));
}

function repeatedNumbers(json: JsonText, level: readonly JsonPath[]): Problem[] {
  const seen = new Set<string>();
  return level.flatMap((path) => {
    const number = numberText(json, path);
    if (number === "" || !seen.has(number)) {
      seen.add(number);
      return [];
    }
    const noun = path.at(-1) === "chapterNumber" ? "chapter" : "section";
    return courseProblem(json, path, {
      code: `repeated-${noun}-number`,
      severity: "warning",
      message: `An earlier ${noun} also has the number ${number}`,
      remedy: "Give them different numbers, unless this is intended",
    });
  });
}

function kernelRules(lessons: readonly Lesson[], json: JsonText, declared: ReadonlySet<string>): Problem[] {
  return lessons.flatMap(({ kernelId, path }) => {
    if (kernelId === undefined || declared.has(kernelId)) return [];
    const blank = kernelId.trim() === "";
    // Where there are no kernels at all, naming none is all that a lesson can do.
    if (blank && declared.size === 0) return [];
    return courseProblem(json, [...path, "kernelId"], {
      code: "undeclared-kernel",
      severity: "error",
      message: blank
        ? "kernelId is empty, so qBook can't tell which kernel to start for the notebook"
        : `No kernel is declared with the display name ${JSON.stringify(kernelId)}`,
      remedy: kernelRemedy(kernelId, declared),
    });
  });
}

function kernelRemedy(kernelId: string, declared: ReadonlySet<string>): string {
  const names = [...declared].sort().map((name) => JSON.stringify(name));
  if (kernelId.trim() === "") return `Write one of ${names.join(", ")}`;
  const declare =
    "eclare it below kernels/ in the catalog; if qBraid hosts it, add its display name to lectern:externalKernels";
  if (declared.size === 0) return `D${declare}`;
  const near = didYouMean(kernelId, declared, "");
  return near ? `${near} If not, d${declare}` : `Use one of ${names.join(", ")}, or d${declare}`;
}
