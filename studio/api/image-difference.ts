import { z } from "zod";
import { problemSchema } from "../../components/problem/problem-schema.ts";
import { editSchema } from "./draft.ts";

/** `POST /api/images/difference`: what differs between two tags of the repository of an entry of images.yaml. */
export const differenceRequestSchema = z.object({
  cluster: z.string(),
  edits: z.array(editSchema),
  /** The entry. */
  key: z.string(),
  from: z.string().max(128),
  to: z.string().max(128),
});

/** One thing that differs: without `before` it is added, without `after` it is removed. */
const changeSchema = z.object({
  name: z.string(),
  before: z.string().optional(),
  after: z.string().optional(),
});
export type ApiChange = z.output<typeof changeSchema>;

const countedBytes = z.object({ count: z.number(), bytes: z.number() });

export const imageDifferenceSchema = z.object({
  /** Whether both tags name one image. */
  isSame: z.boolean(),
  labels: z.array(changeSchema),
  /** The first changes, and how many there are; absent where one of the images has no list of packages. */
  packages: z.object({ changes: z.array(changeSchema), count: z.number() }).optional(),
  /** Absent where an image could not be read. */
  layers: z.object({ shared: countedBytes, removed: countedBytes, added: countedBytes }).optional(),
  problems: z.array(problemSchema),
});
export type ImageDifference = z.output<typeof imageDifferenceSchema>;
