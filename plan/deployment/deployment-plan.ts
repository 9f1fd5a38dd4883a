import { z } from "zod";

/*
 * The planner itself takes only types from here: loading zod takes longer than a plan may take.
 */

const reasons = z
  .array(z.string())
  .min(1)
  .readonly()
  .describe("Why it is deployed, for people. Names of files are in it as they are, which can be hostile");
const job = {
  reasons,
  removed: z.literal(true).exactOptional().describe("The catalog no longer has it"),
};
const cluster = z.string().describe("The cluster's folder in the catalog");
const name = z.string();

const supportJob = z.object({ cluster, ...job });
const hubJob = z.object({ cluster, hub: z.string().describe("The hub's name in its cluster"), ...job });
const prodHubJob = hubJob.extend({
  provenBy: z
    .array(z.string())
    .readonly()
    .describe("The staging hubs of the cluster that prove it; none where its gate is `none`"),
});
const articleJob = z.object({ type: z.enum(["course", "blog"]), slug: z.string(), ...job });
const kernelJob = z.object({ name, ...job });
const imageJob = z.object({
  name: name.describe(
    "`images/lab` is built from that folder of the catalog; `clusters/campus` are the images that the cluster's nodes hold ready and its users choose from",
  ),
  ...job,
});

const jobs = {
  support: z.array(supportJob).readonly(),
  staging: z.array(hubJob).readonly(),
  prod: z.array(prodHubJob).readonly(),
  articles: z.array(articleJob).readonly(),
  kernels: z.array(kernelJob).readonly(),
  images: z.array(imageJob).readonly(),
};

const plannedStack = z.object({
  stack: z.string(),
  parts: z
    .array(z.string())
    .readonly()
    .describe("Which parts of the catalog change in it: `articles`, `kernels`, `clusters/campus`"),
});
const heldHub = z.object({ cluster, hub: z.string(), reason: z.string() });

/** What a change deploys, from the paths that it touches: the document that `lectern plan --format json` prints. */
export const deploymentPlanSchema = z.object({
  version: z
    .literal(1)
    .describe("It grows where a reader of an earlier version would misread a later document"),
  base: z.string().exactOptional().describe("The commit that was compared with, where there is one"),
  ...jobs,
  labels: z.array(z.string()).readonly().describe("The labels that took part"),
  untracked: z
    .array(z.string())
    .readonly()
    .describe(
      "Changed files that are no input of anything, sorted, by their path from the repository's root",
    ),
  stacks: z
    .object({ staging: z.array(plannedStack).readonly(), prod: z.array(plannedStack).readonly() })
    .describe("The stacks that have something to deploy"),
  held: z
    .array(heldHub)
    .readonly()
    .exactOptional()
    .describe(
      "Hubs that an event of the calendar freezes; after `lectern gate`, also the production hubs that are not deployed",
    ),
});

export type SupportJob = Readonly<z.infer<typeof supportJob>>;
export type HubJob = Readonly<z.infer<typeof hubJob>>;
export type ProdHubJob = Readonly<z.infer<typeof prodHubJob>>;
export type ArticleJob = Readonly<z.infer<typeof articleJob>>;
export type KernelJob = Readonly<z.infer<typeof kernelJob>>;
export type ImageJob = Readonly<z.infer<typeof imageJob>>;
export type PlannedStack = Readonly<z.infer<typeof plannedStack>>;
export type HeldHub = Readonly<z.infer<typeof heldHub>>;
export type DeploymentPlan = Readonly<z.infer<typeof deploymentPlanSchema>>;
/** The jobs of a plan, by kind. */
export type Jobs = Pick<DeploymentPlan, keyof typeof jobs>;
export type Environment = keyof DeploymentPlan["stacks"];
