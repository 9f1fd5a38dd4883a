import { z } from "zod";
import { json } from "./json.ts";

/** A file of the catalog as a person wants it to be. */
export const editSchema = z.object({
  /** From the catalog's folder, with slashes: `clusters/campus/profiles.yaml`. */
  path: z.string(),
  /** The git ID of the bytes that the page was made from; null for a file that is new. */
  base: z.string().nullable(),
  /** All that the file is to say. */
  value: json,
});
export type Edit = z.output<typeof editSchema>;
