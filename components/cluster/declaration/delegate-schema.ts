import { z } from "zod";

const handle = z
  .string()
  .regex(
    /^@[a-z\d](-?[a-z\d]){0,38}(\/[\w.-]+)?$/i,
    "expected a login such as @ada, or a team such as @my-organization/physics",
  );

const limits = z.strictObject({
  cpu: z
    .number()
    .positive()
    .optional()
    .describe("The most of cpu_limit and cpu_guarantee. Default: profiles may set neither"),
  memory: z
    .string()
    .regex(/^\d+(\.\d+)?[KMGT]$/, "expected a number with K, M, G or T, such as 16G")
    .optional()
    .describe("The most of mem_limit and mem_guarantee. Default: profiles may set neither"),
  resources: z
    .record(z.string().min(1), z.int().min(0))
    .default({})
    .describe(
      "The most of each extra resource, such as nvidia.com/gpu. One that is not named may not be set",
    ),
});

/** An entry of `delegates` in `cluster.yaml`. */
export const delegateSchema = z.strictObject({
  who: z
    .array(handle)
    .min(1, "expected at least one login or team")
    .describe("Who decides: logins on GitHub, and teams"),
  decide: z
    .array(z.enum(["profiles", "images"]))
    .min(1, "expected profiles, images or both")
    .default(["profiles", "images"])
    .describe("What they decide: profiles.yaml, images.yaml. Default: both"),
  nodeGroups: z
    .array(z.string().min(1))
    .default([])
    .describe("The node groups that profiles may name. A profile without one runs on ordinary nodes"),
  images: z
    .array(z.string().min(1))
    .default([])
    .describe(
      "The repositories whose images may be used: one by its name, or all below one, such as ghcr.io/my-university/*; of the catalog's own images, lectern://images/<name>",
    ),
  limits: limits.prefault({}).describe("The most that profiles may ask for"),
});

/** Who may decide the profiles and images of a cluster's hubs, and within what. */
export type Delegate = z.output<typeof delegateSchema>;
