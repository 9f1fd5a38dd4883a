import * as z from "zod";
import { DEPLOYMENT_TARGETS } from "./course-keys.ts";

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

/** `certificateSettings`, checked. */
export type Certificate = z.infer<typeof certificateSchema>;

/** `course.json`, checked. */
export type CourseJson = z.infer<typeof courseSchema>;
