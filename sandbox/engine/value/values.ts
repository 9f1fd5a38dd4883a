import { isDeepStrictEqual } from "node:util";
import { differingPaths } from "../../../plan/property-path.ts";

/** A property as the engine keeps it: JSON, in which a secret is an object with {@link SIGNATURE}. */
export type Value = null | boolean | number | string | Value[] | { [key: string]: Value };
export type PropertyMap = { [key: string]: Value };

/** The key by which Pulumi marks an object that stands for something else, in state and on the wire. */
export const SIGNATURE = "4dabf18193072939515e22adb298388d";
/** The mark of a secret. */
export const SECRET = "1b47061264138c4ac30d75fd1eb44270";
/** The SDK's stand-in for a value that a preview does not know. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** Where a dynamic resource carries its provider's serialised text; never shown. */
const PROVIDER_KEY = "__provider";

type Secret = { [SIGNATURE]: typeof SECRET; value: Value };

export const isObject = (value: Value | undefined): value is PropertyMap =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const isSecret = (value: Value | undefined): value is Secret & PropertyMap =>
  isObject(value) && value[SIGNATURE] === SECRET;

/** Marks a value as secret, once. */
export function secret(value: Value): Value {
  return isSecret(value) ? value : { [SIGNATURE]: SECRET, value };
}

/** The same value with every secret replaced by `replace(its plain value)`. */
export function mapSecrets(value: Value, replace: (plain: Value, original: PropertyMap) => Value): Value {
  if (isSecret(value)) return replace(value.value, value);
  if (Array.isArray(value)) return value.map((item) => mapSecrets(item, replace));
  if (!isObject(value)) return value;
  return mapObject(value, (item) => mapSecrets(item, replace));
}

export function mapObject(object: PropertyMap, map: (value: Value, key: string) => Value): PropertyMap {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value, key)]));
}

/** The plain values, for a provider that keeps no secrets. */
export function reveal(properties: PropertyMap): PropertyMap {
  return mapObject(properties, (value) => mapSecrets(value, (plain) => revealValue(plain)));
}

const revealValue = (value: Value): Value => mapSecrets(value, revealValue);

/** The properties as a person may see them. */
export function mask(properties: PropertyMap): PropertyMap {
  return mapObject(properties, (value) => mapSecrets(value, () => "[secret]"));
}

export function containsSecret(value: Value): boolean {
  if (isSecret(value)) return true;
  if (Array.isArray(value)) return value.some(containsSecret);
  return isObject(value) && Object.values(value).some(containsSecret);
}

export function containsUnknown(value: Value): boolean {
  if (value === UNKNOWN) return true;
  if (Array.isArray(value)) return value.some(containsUnknown);
  return isObject(value) && Object.values(value).some(containsUnknown);
}

/** Marks as secret in `outputs` what is secret at the same place in `inputs`. */
export function keepSecrets(outputs: PropertyMap, inputs: PropertyMap): PropertyMap {
  return mapObject(outputs, (value, key) => keepSecret(value, inputs[key]));
}

function keepSecret(output: Value, input: Value | undefined): Value {
  if (isSecret(output) || input === undefined) return output;
  if (isSecret(input)) return secret(output);
  if (isObject(output) && isObject(input)) return keepSecrets(output, input);
  if (Array.isArray(output) && Array.isArray(input)) {
    return output.map((item, index) => keepSecret(item, input[index]));
  }
  return output;
}

/** Marks the named top-level outputs as secret. */
export function withSecretOutputs(outputs: PropertyMap, names: readonly string[]): PropertyMap {
  return mapObject(outputs, (value, key) => (names.includes(key) ? secret(value) : value));
}

/** Whether two property maps hold the same plain values. */
export function equal(a: PropertyMap, b: PropertyMap): boolean {
  return isDeepStrictEqual(reveal(a), reveal(b));
}

/** Whether two property maps are the same, secrets as secrets. */
export function identical(a: PropertyMap, b: PropertyMap): boolean {
  return isDeepStrictEqual(a, b);
}

/**
 * The paths at which two property maps differ, deepest first named by Pulumi's path syntax:
 * `title`, `parts.x`, `images[0]`, `parts["image bell.png"]`. The provider's text is left out.
 */
export function changedPaths(olds: PropertyMap, news: PropertyMap): string[] {
  const { [PROVIDER_KEY]: _old, ...before } = reveal(olds);
  const { [PROVIDER_KEY]: _new, ...after } = reveal(news);
  return differingPaths(before, after);
}
