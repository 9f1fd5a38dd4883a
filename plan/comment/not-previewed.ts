import { z } from "zod";

/** Why a pull request is not previewed with credentials. */
const REASONS = ["fork", "program", "access", "charts", "settings", "links", "conflict", "moved"] as const;

/** The file by which the job that decides tells the job that comments. */
export const notPreviewedSchema = z.object({
  why: z.enum(REASONS),
  /** The files because of which, from the repository's root. */
  paths: z.array(z.string()).readonly().default([]),
});

export type NotPreviewed = z.infer<typeof notPreviewedSchema>;
