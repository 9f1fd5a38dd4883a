import { isObject, type JsonObject } from "../../json.ts";
import { textsIn } from "./compare/masking.ts";

/**
 * The texts that nothing of a hub's plan may show: those of its secret values, and what an earlier deployment
 * was given at the same paths, which a rotation leaves behind.
 */
export function knownSecrets(secretValues: JsonObject, deployedValues: JsonObject = {}): string[] {
  return [...new Set([...valuesIn(secretValues), ...at(secretValues, deployedValues)])];
}

/** A key is no secret, nor is a number or a switch, which would mask every other one. */
function valuesIn(value: unknown): string[] {
  if (isObject(value)) return Object.values(value).flatMap(valuesIn);
  if (Array.isArray(value)) return value.flatMap(valuesIn);
  return typeof value === "string" ? textsIn(value) : [];
}

function at(secrets: unknown, values: unknown): string[] {
  if (!isObject(secrets) || !isObject(values)) return valuesIn(values);
  return Object.keys(secrets).flatMap((key) =>
    Object.hasOwn(values, key) ? at(secrets[key], values[key]) : [],
  );
}
