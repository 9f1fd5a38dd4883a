import { z } from "zod";
import { problemSchema } from "../../components/problem/problem-schema.ts";
import { json } from "./json.ts";

/** Git's ID of the bytes of a file. */
const blob = z.string().regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/);

/** `GET /api/save/file?path=…`: a file that can be changed. */
export const fileSchema = z.object({
  /** From the catalog's folder: `clusters/campus/profiles.yaml`. */
  path: z.string().min(1).max(500),
  /** The version that the page gets; null where there is no such file. */
  base: blob.nullable(),
  /** Null where there is no such file. */
  value: json,
});
export type EditableFile = z.output<typeof fileSchema>;

/** The wanted value of one file, and the version of it that it was made of. */
const editSchema = fileSchema.extend({
  /** What that version said: the server may not know it any more where nobody has committed it. */
  baseValue: json.optional(),
});
export type Edit = z.output<typeof editSchema>;

const side = z.enum(["mine", "theirs"]);

/** `POST /api/save/preview`: what somebody wants to change. */
export const draftSchema = z.object({
  /** Made by the page: proposing a draft again, changed or not, brings its one branch up to date. */
  id: z.string().regex(/^[0-9a-f]{8,32}$/),
  edits: z.array(editSchema).min(1).max(50),
  /** By file and by the conflict's ID: whose value is taken. */
  choices: z.record(z.string(), z.record(z.string(), side)).default({}),
});
export type Draft = z.output<typeof draftSchema>;

/** `POST /api/save/propose` */
export const proposalSchema = draftSchema.extend({
  /** One line; made from the files without one. */
  title: z.string().trim().max(120).optional(),
});

/** Two people have changed the same in different ways. What is missing in a version is absent. */
const conflictSchema = z.object({
  id: z.string(),
  file: z.string(),
  /** The names of keys and of list items that lead to it. */
  path: z.array(z.string()),
  kind: z.enum(["value", "order"]),
  base: json.optional(),
  mine: json.optional(),
  theirs: json.optional(),
});
export type ApiConflict = z.output<typeof conflictSchema>;

const planSchema = z.object({
  sections: z.array(
    z.object({
      title: z.string(),
      rows: z.array(z.object({ what: z.string(), why: z.array(z.string()) })),
    }),
  ),
  /** Why there is nothing to deploy. */
  nothing: z.string().optional(),
});

/** Whether nobody else has to review it. */
const reviewSchema = z.object({
  needed: z.boolean(),
  /** One sentence without a full stop. */
  reasons: z.array(z.string()),
});

/** What proposing a draft would do. It can be proposed where there are changes, and neither conflicts nor errors. */
export const previewSchema = z.object({
  /** The branch that it is proposed to. */
  target: z.string(),
  branch: z.string(),
  title: z.string(),
  files: z.array(z.object({ path: z.string(), isNew: z.boolean(), difference: z.string() })),
  conflicts: z.array(conflictSchema),
  problems: z.array(problemSchema),
  plan: planSchema.optional(),
  review: reviewSchema.optional(),
  /** Whether the server pushes the branch, and opens a pull request. */
  opens: z.enum(["branch", "push", "pull-request"]),
});
export type Preview = z.output<typeof previewSchema>;

/** What happened. The problems say why something that was to follow the commit has not. */
export const proposedSchema = z.object({
  target: z.string(),
  branch: z.string(),
  commit: z.string(),
  isPushed: z.boolean(),
  pullRequest: z.object({ number: z.number(), url: z.string() }).optional(),
  problems: z.array(problemSchema),
});
export type Proposed = z.output<typeof proposedSchema>;
