import { z } from "zod";
import { bytesOf } from "../../kernel/spec/file/memory.ts";
import { keysKnownTo } from "../../problem/known-keys.ts";

const glob = z
  .string()
  .min(1)
  .refine((path) => !/^\/|\\|^[a-z]:|(^|\/)\.\.(\/|$)/i.test(path), {
    error:
      'must be a path below the course\'s folder, with "/" between folders; * and ** stand for any names',
  });

const comparison = z.strictObject({
  errors: z.boolean().optional().describe("The names of the exceptions that cells raise"),
  text: z
    .strictObject({
      tolerance: z
        .number()
        .nonnegative()
        .default(0.000_001)
        .describe("How much numbers may differ, relative to them or absolute"),
    })
    .optional()
    .describe("What cells print, and their results as text; whitespace, addresses and times do not count"),
  images: z
    .strictObject({
      distance: z
        .number()
        .min(0)
        .max(1)
        .default(0.1)
        .describe("The share of an image's perceptual hash that may differ"),
    })
    .optional()
    .describe("PNG images"),
});

/** `lecture.yaml` beside a course's course.json, as a person writes it. */
export const lectureFileSchema = z
  .strictObject({
    notebooks: z
      .array(glob)
      .min(1)
      .optional()
      .describe(
        "Which notebooks are proven, as globs. Default: every one for which course.json names a kernel",
      ),
    hubs: z
      .array(
        z
          .string()
          .regex(/^[^/]+\/[^/]+$/, "must be <cluster>/<entry of its images.yaml>, such as campus/lab"),
      )
      .default([])
      .describe(
        "The images of hubs on which the notebooks are proven, before the alias moves to a new one: each as <cluster>/<entry of its images.yaml>",
      ),
    timeout: z.number().positive().max(14_400).default(600).describe("Seconds for a whole notebook"),
    cell_timeout: z.number().positive().optional().describe("Seconds for one cell. Default: the notebook's"),
    memory: z
      .string()
      .refine((amount) => (bytesOf(amount) ?? 0) > 0, "must be an amount of memory such as 512M or 2Gi")
      .default("4G")
      .describe("Memory that the kernel's data may take"),
    errors: z
      .record(z.string(), z.array(z.union([z.int().positive(), z.string().min(1)])).min(1))
      .default({})
      .describe(
        "Cells that may fail, beside those with the tag raises-exception: by notebook, their places among its cells from 1, or their IDs",
      ),
    files: z
      .array(glob)
      .default([])
      .describe(
        "Data that notebooks read, as globs: put into the kernel's working folder, at the same paths",
      ),
    network: z.boolean().default(true).describe("Whether notebooks may connect to other machines"),
    compare: z
      .union([z.enum(["none", "errors"]), comparison])
      .default("none")
      .describe("What of the outputs has to be as the notebook was saved with"),
    seed: z
      .int()
      .min(0)
      .max(2 ** 32 - 1)
      .optional()
      .describe("Seeds Python's and NumPy's random numbers before the first cell"),
  })
  .meta({ title: "How the notebooks of a course are proven" });

/** A checked `lecture.yaml`. */
export type LectureFile = z.output<typeof lectureFileSchema>;

/** The keys that `lecture.yaml` may have at a path. */
export const knownLectureKeys = keysKnownTo(lectureFileSchema);

/** What is compared, as `compareOutputs` takes it. */
export function comparisonOf({ compare }: LectureFile) {
  if (compare === "none") return {};
  if (compare === "errors") return { errors: true };
  const { errors = false, text, images } = compare;
  return {
    errors,
    ...(text ? { text: { relative: text.tolerance, absolute: text.tolerance } } : {}),
    ...(images ? { images } : {}),
  };
}
