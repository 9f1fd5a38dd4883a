import { z } from "zod";
import { problemSchema } from "../../components/problem/problem-schema.ts";
import { editSchema } from "./draft.ts";

/** `POST /api/images/tags`: tags of the repository of an entry of a cluster's images.yaml, with edits in it. */
export const tagsRequestSchema = z.object({
  cluster: z.string(),
  edits: z.array(editSchema),
  /** The entry. */
  key: z.string(),
  /** Words that a tag or its name has; empty for the newest tags of each kind. */
  find: z.string().max(200),
});

const tagSchema = z.object({
  tag: z.string(),
  /** What a menu shows, such as `Weekly 2026_10`. */
  name: z.string(),
  /** Whether the tag names one image for good, so that it can be recommended where an alias is moved. */
  isFixed: z.boolean(),
  /** What the tag names now. */
  digest: z.string(),
  /** When the image was made, in milliseconds since the epoch, where it says so. */
  created: z.number().optional(),
  /** Of a moving tag, one that names the same image for good. */
  target: z.object({ tag: z.string(), name: z.string() }).optional(),
  /** The moving tags that name the same image. */
  aliases: z.array(z.string()),
});
export type RepositoryTag = z.output<typeof tagSchema>;

export const repositoryTagsSchema = z.object({
  /** As images.yaml has it; of several, the one that images are selected from. */
  repository: z.string(),
  /** In the order of a menu, as many as a list shows. */
  tags: z.array(tagSchema),
  /** How many tags have the words. */
  found: z.number(),
  /** Why the registry tells nothing, or not everything. */
  problems: z.array(problemSchema),
});
export type RepositoryTags = z.output<typeof repositoryTagsSchema>;
