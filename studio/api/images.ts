import { z } from "zod";
import { problemSchema } from "../../components/problem/problem-schema.ts";
import { editSchema } from "./draft.ts";

/** `POST /api/images`: what the entries of a cluster's images.yaml select from their registries, with edits in it. */
export const imagesRequestSchema = z.object({ cluster: z.string(), edits: z.array(editSchema) });

const selectedSchema = z.object({
  key: z.string(),
  repository: z.string(),
  /** What the hub's menu offers. */
  menu: z.array(z.object({ name: z.string(), tag: z.string(), digest: z.string() })),
  /** What every node holds ready. */
  prepull: z.array(z.object({ tag: z.string(), digest: z.string() })),
  /** How many tags the repository has. */
  tagCount: z.number(),
  /** What is wrong with the policy, or why the registry can't be asked. */
  problems: z.array(problemSchema),
});
export type SelectedEntry = z.output<typeof selectedSchema>;

export const imagesSchema = z.object({ entries: z.array(selectedSchema) });
