import { z } from "zod";
import { OCI_DIGEST } from "../../components/digest.ts";
import { proofFailure } from "../../components/proof/result/proof-failure.ts";

const digest = z.string().regex(OCI_DIGEST, "expected a digest");
/** A text that an older version may not have written. */
const text = z.string().default("");

export const articleOutput = z.object({
  title: text,
  url: text,
  customId: text,
  /** The digest of what the platform has processed; empty where it has processed nothing yet. */
  fingerprint: text,
  /** How it is known that the platform has processed it, such as `status`. */
  evidence: z.string().exactOptional(),
  /** The display names of the kernels that its notebooks start on. */
  kernels: z.array(z.string()).readonly().exactOptional(),
});

const kernelOutput = z.object({
  displayName: text,
  /** `repository@sha256:…`, or as qBook's service names it. */
  image: text,
  /** `kernel/<name>/<uuid>` on a gateway. */
  registration: text,
  /** The digest of all else that it was deployed with; an earlier version did not write it. */
  settings: z.string().exactOptional(),
});

const taggedDigest = z.object({ tag: z.string(), digest });

const selectedImages = z.object({
  /** `docker.io/lectern/science-lab`. */
  repository: z.string().min(1),
  menu: z.array(taggedDigest.extend({ name: z.string() })).readonly(),
  prepull: z.array(taggedDigest).readonly(),
  /** The tag that is recommended, and its digest; the head of the menu. */
  recommended: taggedDigest.exactOptional(),
});

/** Both are empty where no image is known. */
const namedImage = z.object({ tag: text, digest: text });

const aliasOutput = namedImage.extend({
  alias: text,
  /** What a rollback makes the alias name. */
  goesBackTo: namedImage.exactOptional(),
});

/** `repository:tag@sha256:…`, its tag that of its content. */
const builtImage = z
  .string()
  .regex(/^[^@\s]+:[\w.-]+@sha256:[0-9a-f]{64}$/, "expected repository:tag@sha256:…");

const hubImageOutput = z.object({ image: builtImage });

const profiles = z.array(z.looseObject({ display_name: z.string(), slug: z.string() })).readonly();
/** JSON text, because engines sort the keys of objects; an earlier version wrote the list itself. */
const profileList = z.union([
  z
    .string()
    .transform((json, context): unknown => {
      try {
        return JSON.parse(json);
      } catch {
        context.addIssue("expected JSON");
        return z.NEVER;
      }
    })
    .pipe(profiles),
  profiles,
]);

const hubOutput = z.object({
  /** The digest of each part that it was deployed with, by the part's name. */
  parts: z.record(z.string(), z.string()).default({}),
  /** Whether the last deployment ended, and everything that was checked was well. */
  healthy: z.boolean().default(false),
  /** The images of the catalog that it was deployed with, by name; an earlier version did not write them. */
  images: z.record(z.string(), builtImage).exactOptional(),
  /** The chart, with its version. */
  chart: text,
  /** Where users find it. */
  url: text,
  /** Since when it is so, ISO 8601; empty where nothing was checked. */
  since: text,
  /** Whether it was stopped, and its volumes kept: its release may then be removed. */
  retired: z.boolean().exactOptional(),
  /** The slugs of the profiles that it offers alone, while an exam is on. */
  exam: z.array(z.string()).readonly().exactOptional(),
  /** What was edited in the cluster, and stays because the hub is held. */
  edits: z.array(z.string()).readonly().exactOptional(),
});

const supportOutput = hubOutput.pick({ parts: true, healthy: true, chart: true });

const clusterOutput = z.object({
  /** The UID of its namespace kube-system, by which it is known again at another address. */
  uid: z.string().min(1),
});

const warmUpOutput = z.object({
  title: text,
  /** `<cluster>/<hub>` */
  hub: text,
  /** The slug of the profile whose servers there is room for. */
  profile: text,
  people: z.int().default(0),
  /** How many minutes before its beginning. */
  minutes: z.number().default(0),
  /** In which people read its times. */
  timeZone: text,
  /** When it begins, each time, in UTC. */
  starts: z.array(z.string()).readonly().default([]),
});

/** Addresses that open a course on a hub, by `<cluster>/<hub>`. */
const courseLinksOutput = z.record(z.string(), z.string());

/** What deployments changed of what a cluster's hubs offer, the oldest first. */
const hubChangesOutput = z
  .array(
    z.object({
      at: z.iso.datetime(),
      text: z.string(),
      /** Those of the hubs whose users are told. @default all of the cluster's */
      namespaces: z.array(z.string()).readonly().optional(),
    }),
  )
  .readonly();

const overrideOutput = z.object({ reason: text, until: text });

const holdOutput = z.object({
  /** Why it is held. */
  reason: text,
  /** Whether the stack has deployed it before: it then stays as it is; else it is not created. */
  deployed: z.boolean(),
  /** Of what a notebook holds: which, and where it fails. */
  failure: proofFailure.exactOptional(),
});

/**
 * Every output of a stack, each a map from an ID to what is known of it. What a version did not write
 * yet has a default or is optional; what a later version adds is ignored.
 */
export const ENTRIES = {
  /** By `course/<folder>` or `blog/<folder>`. */
  articles: articleOutput,
  /** By the same: what left the catalog, and is still on qBook; only where there is something. */
  forgotten: articleOutput,
  /** By the folder's name. */
  kernels: kernelOutput,
  /** By `<cluster>/<entry of images.yaml>`. */
  images: selectedImages,
  /** By cluster: the hub's `profile_list`, as JSON text whose keys are in the menu's order. */
  profiles: profileList,
  /** By `<cluster>/<entry of images.yaml>`: where the moving tag is. */
  aliases: aliasOutput,
  /** By the folder's name in images/; only where hubs use some. */
  hubImages: hubImageOutput,
  /** By `<cluster>/<hub>`; only where there are hubs. */
  hubs: hubOutput,
  /** By cluster; only where one has support. */
  support: supportOutput,
  /**
   * By `<cluster>/<hub>`: chart, version and values of the last healthy deployment, as JSON; a secret. Only where
   * there are hubs.
   */
  hubDeployments: z.string(),
  /** By cluster; only where one has cluster.yaml and said who it is. */
  clusters: clusterOutput,
  /** By event of the calendar: when there is room for the servers of how many people; only where a hub has events. */
  warmUps: warmUpOutput,
  /** By `course/<folder>`: the links that open it on hubs; only where `lectern:courseRepository` is set. */
  courseLinks: courseLinksOutput,
  /** By cluster: what deployments changed for users of its hubs; only where it has announcements.yaml. */
  hubChanges: hubChangesOutput,
  /** By the ID of a hold: what went through the gate although it was held. */
  overrides: overrideOutput,
  /**
   * By `course/…`, `blog/…`, `kernel/…`, `images/…`, `image/…`, `hub/…`, and of what an event freezes `support/…` and
   * `profiles/…`; only where something is held.
   */
  holds: holdOutput,
};

export type ArticleOutput = z.output<typeof articleOutput>;
export type KernelOutput = z.output<typeof kernelOutput>;
export type SelectedImages = z.output<typeof selectedImages>;
export type HubImageOutput = z.output<typeof hubImageOutput>;
export type NamedImage = z.output<typeof namedImage>;
export type AliasOutput = z.output<typeof aliasOutput>;
export type HubOutput = z.output<typeof hubOutput>;
export type SupportOutput = z.output<typeof supportOutput>;
export type ClusterOutput = z.output<typeof clusterOutput>;
export type WarmUpOutput = z.output<typeof warmUpOutput>;
export type CourseLinksOutput = z.output<typeof courseLinksOutput>;
export type HubChangesOutput = z.output<typeof hubChangesOutput>;
export type OverrideOutput = z.output<typeof overrideOutput>;
export type HoldOutput = z.output<typeof holdOutput>;
