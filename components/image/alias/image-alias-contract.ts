import { z } from "zod";

const digest = z.templateLiteral(["sha256:", z.string()]);

/** What is known of the alias in one repository. */
const record = z.object({
  /** What the alias names, as it was last seen; missing where the repository has no such tag. */
  digest: digest.optional(),
  /** What was last written there, or found there and right. */
  applied: digest,
  /** The tag that `applied` was named by; empty where that is not known. */
  tag: z.string(),
  /** What was applied before that, and the tag where it is known: where a rollback goes, or came from. */
  previous: digest.optional(),
  previousTag: z.string().optional(),
  /** What was applied before that, newest first; none of it was rolled back from. */
  earlier: z.array(z.object({ digest, tag: z.string().optional() })).optional(),
  /** Whether `applied` came from a rollback. */
  rolledBack: z.boolean(),
});

/** What the state knows of the alias in one repository. */
export type AliasRecord = Readonly<z.output<typeof record>>;

/** By repository. */
export type AliasRecords = Readonly<Record<string, AliasRecord>>;

const text = z.string().default("");

/** The custom resource `ImageAlias`: a moving tag, in one repository or several. */
export const imageAliasContract = {
  kind: "ImageAlias",
  inputs: z.object({
    alias: z.string(),
    target: z.string(),
    /** Filled in by the check where it is left out. */
    targetDigest: z.string().optional(),
    source: z.string(),
    repositories: z.array(z.string()).readonly().optional(),
    rollback: z.boolean().optional(),
    /** Which names are never moved, where not the forms of the default. */
    immutable: z.array(z.string()).readonly().optional(),
  }),
  state: z.object({
    alias: z.string(),
    target: z.string(),
    targetDigest: digest,
    source: z.string(),
    places: z.record(z.string(), record),
    // Of the first repository, for other resources and people; empty where nothing is known, and in the
    // state of an alias that has not changed since a version that did not write it.
    tag: text,
    goesBackTo: z.object({ tag: text, digest: text }).prefault({}),
    digest: text,
    image: text,
    previous: text,
  }),
};
