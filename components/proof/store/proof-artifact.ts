import { z } from "zod";
import { type Digest, digestOf } from "../../digest.ts";
import { jsonOf } from "../../problem/json.ts";
import { PROOF_KEY, type ProofResult } from "../result/proof-result.ts";
import { LARGEST_RESULT, readResult } from "./kept-result.ts";

/** What registries list the artifacts by. */
export const PROOF_TYPE = "application/vnd.lectern.proof.v1+json";

export const ARTIFACT_MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";

const KEY = "lectern.dev/proof-key";
const RESULT = "lectern.dev/proof-result";

/** The configuration of an artifact that has none, as the image specification gives it. */
const EMPTY = { bytes: Buffer.from("{}"), mediaType: "application/vnd.oci.empty.v1+json" } as const;

/** The manifest that is proven. */
export interface Subject {
  readonly mediaType: string;
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
}

/** A result as an artifact: two blobs, and the manifest that names them. */
export interface ProofArtifact {
  readonly blobs: readonly Uint8Array[];
  readonly manifest: Uint8Array;
}

/**
 * A result as an OCI artifact that refers to an image. The result is its layer. One that passed is also an annotation,
 * which lists of referrers have: so a plan of many notebooks needs no request for each.
 */
export function proofArtifact(result: ProofResult, subject: Subject): ProofArtifact {
  const text = JSON.stringify(result);
  const layer = Buffer.from(text);
  const manifest = {
    schemaVersion: 2,
    mediaType: ARTIFACT_MANIFEST_TYPE,
    artifactType: PROOF_TYPE,
    config: { mediaType: EMPTY.mediaType, digest: digestOf(EMPTY.bytes), size: EMPTY.bytes.length },
    layers: [{ mediaType: PROOF_TYPE, digest: digestOf(layer), size: layer.length }],
    subject,
    annotations: { [KEY]: result.key, ...(result.outcome === "passed" ? { [RESULT]: text } : {}) },
  };
  return { blobs: [EMPTY.bytes, layer], manifest: Buffer.from(JSON.stringify(manifest)) };
}

const annotated = z.looseObject({
  artifactType: z.literal(PROOF_TYPE),
  annotations: z.record(z.string(), z.string()).default({}).catch({}),
});
const artifact = annotated.extend({
  subject: z.object({ digest: z.string() }),
  layers: z.array(z.object({ digest: z.string(), size: z.number() })).length(1),
});

/** What an artifact, or a list that has it, says of a result. */
export interface NotedProof {
  readonly key: string | undefined;
  /** Undefined where it must be read from the artifact's layer. */
  readonly result: ProofResult | undefined;
}

/** An entry of a list of referrers, or a manifest; undefined where it is no proof. */
export function notedProof(value: unknown): NotedProof | undefined {
  const { data } = annotated.safeParse(value);
  if (!data) return undefined;
  const { [KEY]: key = "", [RESULT]: text = "" } = data.annotations;
  if (!PROOF_KEY.test(key)) return { key: undefined, result: undefined };
  return { key, result: readResult(text, key) };
}

/** What a manifest says of a result about an image, and the digest of the layer that has it; undefined where it is none. */
export function readArtifact(
  bytes: Uint8Array,
  subject: Digest,
): (NotedProof & { readonly layer: string }) | undefined {
  const value = jsonOf(new TextDecoder().decode(bytes));
  const { data } = artifact.safeParse(value);
  const noted = notedProof(value);
  const [layer] = data?.layers ?? [];
  if (!noted || !layer || data?.subject.digest !== subject || layer.size > LARGEST_RESULT) return undefined;
  return { ...noted, layer: layer.digest };
}

/** Digits of a key in a tag, which has at most 128 characters. The whole key is in the artifact. */
const DIGITS = 48;

/**
 * The tag of a result in a registry that keeps no lists of referrers: each result has its own, so that two processes
 * that write at once, as to a common list under one tag, never lose each other's.
 */
export const proofTag = (image: Digest, key: string) =>
  `${image.replace(":", "-")}.proof-${key.slice(0, DIGITS)}`;

/** Whether a tag is that of a result. */
export const isProofTag = (tag: string) => /^sha256-[0-9a-f]{64}\.proof-[0-9a-f]+$/.test(tag);
