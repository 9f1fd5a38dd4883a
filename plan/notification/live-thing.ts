import { z } from "zod";

/** Something that a deployment has changed, as people know it. */
export const liveThing = z.object({
  /** `course/bell-states`, `hub/campus/prod`; missing for what has no such ID. */
  id: z.string().exactOptional(),
  /** `Course bell-states` */
  label: z.string(),
  change: z.enum(["created", "updated", "replaced", "removed"]),
  /** What people read: a title, a display name. */
  title: z.string().exactOptional(),
  /** Where it is. */
  url: z.string().exactOptional(),
});
export type LiveThing = Readonly<z.infer<typeof liveThing>>;
