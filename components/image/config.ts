import { z } from "zod";
import { registryConfig } from "./registry/registry-config.ts";

/** What a person decided about one entry of images.yaml. */
const imageDecision = z.strictObject({
  rollback: z
    .boolean()
    .default(false)
    .describe("Move the alias back to the image before the last one, and hold it there"),
  waitForNodes: z
    .boolean()
    .default(true)
    .describe("Move the alias only once every node that needs the image holds it"),
});

/** The slice of a stack's configuration that images use: every key is below `lectern:`. */
export const imageConfig = {
  ...registryConfig,
  aliasPrefix: z
    .string()
    .regex(/^[\w.-]*$/, "expected letters, digits, dot, - and _")
    .default("")
    .describe(
      "A prefix for every moving tag of this stack, where stacks share a repository: `staging-` makes `staging-recommended`",
    ),
  images: z
    .record(z.string(), imageDecision)
    .default({})
    .describe("Decisions about individual entries of images.yaml, by `<cluster>/<entry>`"),
};
