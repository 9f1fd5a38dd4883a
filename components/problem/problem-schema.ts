import { z } from "zod";
import type { Problem } from "./problem.ts";

/** A {@link Problem} as JSON has it, which `lectern validate --json` prints and the studio's server answers with. */
export const problemSchema = z.object({
  code: z.string(),
  severity: z.enum(["error", "warning"]),
  message: z.string(),
  remedy: z.string(),
  file: z.string().exactOptional(),
  path: z.string().exactOptional(),
  line: z.number().exactOptional(),
  column: z.number().exactOptional(),
  snippet: z.string().exactOptional(),
}) satisfies z.ZodType<Problem>;
