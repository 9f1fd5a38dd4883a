import { createHash } from "node:crypto";
import { mapObject, mapSecrets, type PropertyMap, SECRET, SIGNATURE, type Value } from "../value/values.ts";

/** A resource in a Pulumi deployment (version 3), under the names that its file has. */
export interface ResourceState {
  readonly urn: string;
  readonly custom: boolean;
  /** A replaced resource that still has to be deleted. */
  readonly delete?: boolean;
  readonly id?: string;
  readonly type: string;
  readonly inputs?: PropertyMap;
  readonly outputs?: PropertyMap;
  readonly parent?: string;
  readonly protect?: boolean;
  /** Read, not managed. */
  readonly external?: boolean;
  readonly dependencies?: readonly string[];
  /** What did not work in a create or update that worked in part. */
  readonly initErrors?: readonly string[];
  /** `<urn>::<id>` of its provider resource. */
  readonly provider?: string;
  readonly propertyDependencies?: Readonly<Record<string, readonly string[]>>;
  /** Deleted for a replacement that was not created yet. */
  readonly pendingReplacement?: boolean;
  readonly additionalSecretOutputs?: readonly string[];
  readonly aliases?: readonly string[];
  readonly customTimeouts?: Readonly<Record<string, number>>;
  readonly retainOnDelete?: boolean;
  readonly created?: string;
  readonly modified?: string;
  readonly ignoreChanges?: readonly string[];
  readonly replaceOnChanges?: readonly string[];
}

/** A call to a provider that had begun and of whose end nothing is known. */
export interface PendingOperation {
  readonly resource: ResourceState;
  readonly type: "creating" | "updating" | "deleting" | "reading";
}

export interface SecretsProvider {
  readonly type: string;
  readonly state?: { readonly salt?: string };
}

/** What the file holds below `deployment`. */
export interface Deployment {
  readonly manifest: { readonly time: string; readonly magic: string; readonly version: string };
  readonly secrets_providers?: SecretsProvider;
  readonly resources?: readonly ResourceState[];
  readonly pending_operations?: readonly PendingOperation[];
  readonly metadata?: object;
}

/** The engine's version as the state names it: that of the SDK whose protocol it speaks. */
const VERSION = "v3.270.0";

export function manifest(now: Date): Deployment["manifest"] {
  return {
    time: now.toISOString(),
    magic: createHash("sha256").update(VERSION).digest("hex"),
    version: VERSION,
  };
}

/** Every URN that must be there before this resource, and must outlive it. */
export function dependenciesOf(resource: ResourceState): string[] {
  const provider = resource.provider ? [resource.provider.slice(0, resource.provider.lastIndexOf("::"))] : [];
  const byProperty = Object.values(resource.propertyDependencies ?? {}).flat();
  const parent = resource.parent ? [resource.parent] : [];
  return [...new Set([...parent, ...provider, ...(resource.dependencies ?? []), ...byProperty])];
}

/** The resource with each secret as the file has it. */
export function sealed(
  resource: ResourceState,
  encrypt: (text: string, of: object) => string,
): ResourceState {
  const seal = (plain: Value, original: PropertyMap): Value => ({
    [SIGNATURE]: SECRET,
    ciphertext: encrypt(JSON.stringify(plain), original),
  });
  return mapProperties(resource, (value) => mapSecrets(value, seal));
}

/** The resource with each secret in plain; `opened` is told which one came from which ciphertext. */
export function unsealed(
  resource: ResourceState,
  decrypt: (ciphertext: string) => string,
  opened?: (secret: object, ciphertext: string) => void,
): ResourceState {
  const open = (_plain: Value, { ciphertext, plaintext }: PropertyMap): Value => {
    const text = typeof ciphertext === "string" ? decrypt(ciphertext) : plaintext;
    const made = { [SIGNATURE]: SECRET, value: typeof text === "string" ? JSON.parse(text) : null };
    if (typeof ciphertext === "string") opened?.(made, ciphertext);
    return made;
  };
  return mapProperties(resource, (value) => mapSecrets(value, open));
}

function mapProperties(resource: ResourceState, map: (value: Value) => Value): ResourceState {
  return {
    ...resource,
    ...(resource.inputs && { inputs: mapObject(resource.inputs, map) }),
    ...(resource.outputs && { outputs: mapObject(resource.outputs, map) }),
  };
}
