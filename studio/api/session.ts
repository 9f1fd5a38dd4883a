import { z } from "zod";

/** `GET /api/session`: who asks, and what the page is about. */
export const sessionSchema = z.object({
  person: z.object({ name: z.string(), email: z.string().optional() }),
  /** The folder's name of the repository. */
  repository: z.string(),
});
