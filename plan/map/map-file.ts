import { z } from "zod";
import { proofFailure } from "../../components/proof/result/proof-failure.ts";
import { liveThing } from "../notification/live-thing.ts";

/**
 * The version of the document. It grows where a reader of an earlier version would misread a later document; a new
 * field that may be missing leaves it as it is.
 */
export const MAP_VERSION = 1;

/** How many deployments of a stack are kept, the newest first. */
export const MOST_DEPLOYMENTS = 200;

/** What can be deployed, in the order in which people look for it. */
export const THING_KINDS = ["course", "blog", "kernel", "images", "image", "hub", "support"] as const;

const instant = z.iso.datetime();

const thingSchema = z.object({
  id: z.string().describe("As holds have it: course/bell-states, images/campus/science, hub/campus/prod"),
  kind: z.enum(THING_KINDS),
  title: z.string().exactOptional().describe("What people read: a title, a display name"),
  version: z.string().exactOptional().describe("The tag of images, the chart of hubs"),
  image: z.string().exactOptional().describe("The image's repository"),
  digest: z
    .string()
    .exactOptional()
    .describe("Of an article its content's fingerprint, of a hub the digest of all its parts"),
  since: instant
    .exactOptional()
    .describe("Since when it is deployed as it is; missing where that is unknown"),
  healthy: z.boolean().exactOptional().describe("Of a hub; missing where it was not checked"),
  outside: z
    .enum(["left", "retired"])
    .exactOptional()
    .describe(
      "left: it left the catalog and is still on qBook; retired: the hub was stopped and its volumes kept",
    ),
  held: z
    .object({ reason: z.string(), deployed: z.boolean(), failure: proofFailure.exactOptional() })
    .exactOptional()
    .describe(
      "Why it is held, whether it was deployed before, and of what a notebook holds which one fails where",
    ),
  override: z
    .object({ reason: z.string(), until: z.string() })
    .exactOptional()
    .describe("Why it went through although staging did not prove it, and until when"),
  uses: z.array(z.string()).readonly().default([]).describe("Kernels of an article, images of a hub"),
  url: z.string().exactOptional().describe("Where it is"),
  links: z
    .array(z.object({ hub: z.string(), url: z.string() }))
    .readonly()
    .exactOptional()
    .describe("Of a course: what opens its notebooks on a hub"),
});

const differenceSchema = z.object({
  thing: z.string().describe("The ID of a thing, or what people call a resource that is part of none"),
  what: z.string().describe("What differs from what was deployed"),
  fate: z.enum(["undone", "refresh", "held", "accepted"]),
  by: z.string().exactOptional().describe("Who changed it"),
  at: z.string().exactOptional().describe("When it was changed"),
  reason: z.string().exactOptional().describe("Why it is accepted"),
});

const driftSchema = z.object({
  at: instant.describe("When it was looked for"),
  state: z.enum(["clean", "drift", "failed"]),
  errors: z.array(z.string()).readonly(),
  differences: z.array(differenceSchema).readonly(),
});

const changeSchema = liveThing.extend({
  before: z.string().exactOptional().describe("Version or digest before"),
  after: z.string().exactOptional().describe("Version or digest after"),
});

const deploymentSchema = z.object({
  at: instant.describe("When it ended"),
  begun: instant.exactOptional(),
  kind: z.string().describe("update, refresh, destroy, import; changes where only what changed is known"),
  result: z.string().exactOptional().describe("succeeded or failed; missing where it is unknown"),
  counts: z.record(z.string(), z.number()).exactOptional().describe("How many resources each operation had"),
  commit: z.string().exactOptional(),
  changes: z.array(changeSchema).readonly().default([]),
});

const outputsSchema = z.object({
  read: instant.describe("When the stack was read"),
  deployed: instant.exactOptional().describe("When its state was last written"),
  problems: z.array(z.string()).readonly().default([]).describe("What of it can't be parsed or is secret"),
  things: z.array(thingSchema).readonly(),
});

const failureSchema = z.object({ at: instant, message: z.string() });

const stackSchema = z.object({
  stack: z.string(),
  environment: z.string(),
  outputs: outputsSchema.exactOptional().describe("Missing where it could not be read yet"),
  failure: failureSchema.exactOptional().describe("The last time that it could not be read"),
  drift: driftSchema.exactOptional().describe("What drift detection found last"),
  history: z.array(deploymentSchema).readonly().default([]).describe("Deployments, newest first"),
  leftOutUpTo: z
    .string()
    .exactOptional()
    .describe(`The newest deployment that was left out, as the last ${MOST_DEPLOYMENTS} are kept`),
});

export const mapSchema = z
  .object({ version: z.literal(MAP_VERSION), made: instant, stacks: z.array(stackSchema).readonly() })
  .describe("What is deployed where, as `lectern report --json` prints it");

export type MapThing = Readonly<z.infer<typeof thingSchema>>;
export type MapDifference = Readonly<z.infer<typeof differenceSchema>>;
export type MapDrift = Readonly<z.infer<typeof driftSchema>>;
export type MapChange = Readonly<z.infer<typeof changeSchema>>;
export type MapDeployment = Readonly<z.infer<typeof deploymentSchema>>;
export type MapStack = Readonly<z.infer<typeof stackSchema>>;
export type DeployedMap = Readonly<z.infer<typeof mapSchema>>;
