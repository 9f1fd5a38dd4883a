import { z } from "zod";

/** Why an image is not used: the first notebook that fails on it, and what is known of the reason. */
export const proofFailure = z.object({
  /** `course/bell-states` */
  course: z.string(),
  /** From the course's folder. */
  notebook: z.string(),
  /** The place of the cell that failed among the notebook's cells, from 1; absent where none did. */
  cell: z.int().positive().exactOptional(),
  /** What happened: the reason, or the last line of the traceback. */
  error: z.string(),
  /** `repository@sha256:…` */
  image: z.string(),
  /** How many other notebooks fail. */
  others: z.int().nonnegative(),
  /** What differs from the image of before, such as `numpy (pypi) 1.26.4 → 2.3.5`; absent where nothing tells. */
  changes: z.array(z.string()).readonly().exactOptional(),
});

export type ProofFailure = Readonly<z.output<typeof proofFailure>>;
