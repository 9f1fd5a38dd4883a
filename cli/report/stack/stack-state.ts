import { z } from "zod";
import { isObject } from "../../../components/json.ts";
import { labelOf } from "../../../plan/label.ts";
import { plainIdOfLabel } from "./plain-id.ts";

/** A stack's state as far as a map needs it. It holds no secret. */
export interface StackState {
  /** When it was last written, ISO 8601; undefined where there is nothing in it. */
  readonly deployed: string | undefined;
  readonly outputs: Readonly<Record<string, unknown>>;
  /** The paths of the outputs that are secret, and left out. */
  readonly secret: readonly string[];
  /** When the resource of a thing was last changed, by {@link plainId} of the thing's ID. */
  readonly changed: ReadonlyMap<string, string>;
}

const resource = z.object({
  urn: z.string(),
  type: z.string(),
  parent: z.string().optional(),
  outputs: z.record(z.string(), z.unknown()).optional(),
  modified: z.string().optional(),
});
const stateSchema = z.object({
  version: z.literal(3),
  deployment: z.object({
    manifest: z.object({ time: z.string().optional() }).optional(),
    resources: z.array(resource).nullish(),
  }),
});

const STACK = "pulumi:pulumi:Stack";

/**
 * Reads what `pulumi stack export` prints, or what the sandbox keeps. Its secrets are sealed, and are left out.
 * @returns undefined where it is of another shape
 */
export function parseState(document: unknown): StackState | undefined {
  const found = stateSchema.safeParse(document);
  if (!found.success) return undefined;
  const { manifest, resources } = found.data.deployment;
  const stack = resources?.find(({ type }) => type === STACK);
  const secret: string[] = [];
  const outputs = withoutSecrets(stack?.outputs ?? {}, [], secret);
  const changed = new Map<string, string>();
  for (const one of resources ?? []) {
    const [id, at] = [thingOf(one), instantOf(one.modified)];
    if (id !== undefined && at !== undefined) changed.set(id, at);
  }
  return {
    deployed: stack === undefined ? undefined : instantOf(manifest?.time),
    outputs: isObject(outputs) ? outputs : {},
    secret: secret.filter((path) => !INTERNAL.test(path)),
    changed,
  };
}

/** Kept for the next deployment alone. */
const INTERNAL = /^hubDeployments\b/;

/** By this key the engine marks what is no plain value: a secret, sealed or not, an asset, a resource. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";

function withoutSecrets(value: unknown, path: readonly string[], secret: string[]): unknown {
  if (Array.isArray(value))
    return value.map((one, index) => withoutSecrets(one, [...path, `${index}`], secret));
  if (!isObject(value)) return value;
  if (SIGNATURE in value) {
    secret.push(path.join("."));
    return undefined;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, withoutSecrets(one, [...path, key], secret)]),
  );
}

/** The resources whose change is a change of the thing. Checks, leases and ledgers beside them change by themselves. */
const MAIN =
  /^(pulumi-nodejs:dynamic\/lectern:(Article|Kernelspec|QbraidKernel|ImageAlias)|kubernetes:helm\.sh\/v3:Release)$/;

function thingOf({ urn, type, parent }: z.infer<typeof resource>): string | undefined {
  if (parent === undefined || !MAIN.test(type)) return undefined;
  return plainIdOfLabel(labelOf({ type, name: urn.split("::").slice(3).join("::"), parent }));
}

/** In UTC, to the millisecond, so that two compare as texts. */
export function instantOf(text: string | undefined): string | undefined {
  const time = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) || time <= 0 ? undefined : new Date(time).toISOString();
}
