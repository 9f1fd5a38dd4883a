import { z } from "zod";
import { editSchema } from "./draft.ts";
import { jsonObject } from "./json.ts";

/** `POST /api/form`: the form that users of a hub would see. */
export const formRequestSchema = z.object({
  cluster: z.string(),
  /** Default: the cluster's first hub. */
  hub: z.string().optional(),
  edits: z.array(editSchema),
  /** The index of the profile that is looked at: of a long list, only those around it are shown. @default the first */
  around: z.number().int().nonnegative().optional(),
});

export const formSchema = z.object({
  /** Which document shows it: `GET /api/form/<frame>`. */
  frame: z.enum(["fancy", "kubespawner", "own"]),
  /** Which form the hub has. */
  wanted: z.enum(["fancy", "kubespawner", "custom"]),
  /** The path of the hub's value that says so. */
  decidedBy: z.string().optional(),
  /** Why the hub's own form is not what is shown, one sentence. */
  notice: z.string().optional(),
  /** The profiles as the hub gets them, or those of them that are shown. */
  list: z.array(jsonObject),
  /** Which part of a long list is shown; absent where it is whole. */
  part: z.object({ from: z.number(), to: z.number(), of: z.number() }).optional(),
  /** What KubeSpawner's template makes of them, for the frame that shows it. */
  html: z.string().optional(),
  /** Entries of images.yaml whose menus are not known, so that they stand as their policy names them. */
  unseen: z.array(z.string()),
});
export type StudentsForm = z.output<typeof formSchema>;
