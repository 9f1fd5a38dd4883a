import { isUnknown } from "../components/resource/unknown.ts";

/** A resource as a policy looks at it. */
export interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly props: Readonly<Record<string, unknown>>;
  readonly protect: boolean;
  readonly ignoreChanges: readonly string[];
}

/** A text in a resource's properties, with its path: `values`, `hub`, `password`. */
export interface Leaf {
  readonly path: readonly string[];
  readonly text: string;
}

/**
 * Every text in a value, but what a preview doesn't know yet. Properties are read from their descriptors: the policy
 * SDK wraps them, so that reading an unknown one ends the whole policy.
 * @param isOpaque whether to leave out a value, with everything in it
 */
export function leavesOf(
  value: unknown,
  isOpaque: (value: unknown) => boolean = () => false,
  path: readonly string[] = [],
): Leaf[] {
  if (typeof value === "string") return isUnknown(value) ? [] : [{ path, text: value }];
  if (typeof value !== "object" || value === null || isOpaque(value)) return [];
  return Object.entries(Object.getOwnPropertyDescriptors(value)).flatMap(
    ([key, { enumerable, value: inner }]) =>
      enumerable && key !== "__provider" ? leavesOf(inner, isOpaque, [...path, key]) : [],
  );
}

/** `values.hub.password`, `spec.containers[0].image`. */
export const pathText = (path: readonly string[]): string =>
  path.reduce(
    (text, key) => (/^\d+$/.test(key) ? `${text}[${key}]` : text === "" ? key : `${text}.${key}`),
    "",
  );

/** The stack's name in a URN. */
export const stackOf = ({ urn }: Pick<Resource, "urn">): string => urn.split(":")[2] ?? "";

const OWN = "pulumi-nodejs:dynamic/lectern:";

/** The kind of a resource of Lectern's own, such as `Kernelspec`; undefined for any other. */
export const ownKind = ({ type }: Pick<Resource, "type">): string | undefined =>
  type.startsWith(OWN) ? type.slice(OWN.length) : undefined;

export const RELEASE = "kubernetes:helm.sh/v3:Release";
export const NAMESPACE = "kubernetes:core/v1:Namespace";
