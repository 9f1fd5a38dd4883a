import * as z from "zod";

/** Where an article may be published. */
export const DEPLOYMENT_TARGETS = ["qbraid.com", "quera.com", "qunorth.com"] as const;

const named = z.string().refine((text) => text.trim() !== "", { error: "empty" });

const lesson = {
  /** The notebook, relative to the article's folder. */
  baseFilePath: named,
  kernelName: z.string(),
  /** The kernel's display name, exactly. */
  kernelId: z.string(),
  /** Without effect, often empty. */
  filePath: z.string().optional(),
};

const section = z.strictObject({ sectionNumber: z.number(), sectionName: named, ...lesson });

const chapter = z.strictObject({
  chapterName: named,
  chapterFileName: z.string(),
  chapterNumber: z.number(),
  ...lesson,
  sections: z.array(section).optional(),
});

/** When a course gives a certificate. */
export const certificateSchema = z.strictObject({
  enabled: z.boolean(),
  criteria: z.strictObject({ type: z.enum(["completion", "points"]), value: z.number().min(0) }),
});

/** The shape of `course.json`, for courses and blogs. What depends on more than one field is in `course-rules.ts`. */
export const courseSchema = z.strictObject({
  courseName: named,
  courseDescription: z.string(),
  visibility: named,
  imageLink: z.strictObject({ darkLogo: z.string(), lightLogo: z.string() }),
  tags: z.array(z.string()),
  deployedTo: z.array(z.enum(DEPLOYMENT_TARGETS)).min(1),
  certificateSettings: certificateSchema.optional(),
  content: z.array(chapter),
});

/** `course.json`, checked. */
export type CourseJson = z.infer<typeof courseSchema>;

const lessonKeys = Object.keys(lesson);

const KEYS: Readonly<Record<string, readonly string[]>> = {
  "": Object.keys(courseSchema.shape),
  imageLink: ["darkLogo", "lightLogo"],
  certificateSettings: ["enabled", "criteria"],
  "certificateSettings.criteria": ["type", "value"],
  content: Object.keys(chapter.shape),
  "content.sections": ["sectionNumber", "sectionName", ...lessonKeys],
};

/** Every key that the format has, wherever it has it. */
export const ALL_KEYS: ReadonlySet<string> = new Set(Object.values(KEYS).flat());

/** The keys that an object at a path may have; the path has `content` and so on, and numbers. */
export function keysAt(path: readonly PropertyKey[]): readonly string[] {
  return KEYS[path.filter((step) => typeof step === "string").join(".")] ?? [];
}
