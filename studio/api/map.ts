import { z } from "zod";
import { mapSchema } from "../../plan/map/map-file.ts";

/** `GET /api/map`: what is deployed where, as the reports that the studio was given say. */
export const mapAnswerSchema = z.object({
  map: mapSchema,
  /** What was read, relative to the repository: report files' folders, the sandbox's state. Empty where none was named or found. */
  sources: z.array(z.string()),
});
export type MapAnswer = z.output<typeof mapAnswerSchema>;
