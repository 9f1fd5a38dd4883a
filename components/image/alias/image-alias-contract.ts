import { z } from "zod";
import { proofFailure } from "../../proof/result/proof-failure.ts";

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

/** Whose notebooks are proven before the alias moves, where they are run, and whether a failure holds it. */
const proof = z.strictObject({
  mode: z.enum(["warn", "require"]),
  /** `<cluster>/<entry of images.yaml>` */
  entry: z.string().min(1),
  courses: z.array(z.strictObject({ id: z.string().min(1), folder: z.string().min(1) })).readonly(),
  hub: z.strictObject({
    cluster: z.string().min(1),
    context: z.string().optional(),
    kubeconfig: z.string().optional(),
    namespace: z.string().min(1),
    nodeSelector: z.record(z.string(), z.string()).optional(),
    tolerations: z.array(z.record(z.string(), z.json())).readonly().optional(),
    affinity: z.record(z.string(), z.json()).optional(),
    pullSecrets: z.array(z.string()).readonly().optional(),
  }),
});

export type AliasProof = Readonly<z.output<typeof proof>>;

/** A move that is not made, as notebooks fail on the image: why, and the keys of their proofs. */
const held = z.object({
  image: z.string(),
  reason: z.string(),
  keys: z.array(z.string()).readonly(),
  /** The same for programs. */
  failure: proofFailure.exactOptional(),
});

export type HeldMove = Readonly<z.output<typeof held>>;

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
    proof: proof.optional(),
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
    held: held.optional(),
  }),
};
