import type { ErrorObject } from "ajv";
import { isObject, type JsonObject } from "../../../json.ts";
import { didYouMean } from "../../../problem/nearest.ts";
import type { Problem } from "../../../problem/problem.ts";
import { jsonPath } from "../../../problem/zod.ts";
import { lookUp, type ValuesPath } from "../layers.ts";
import { schemaAt } from "./schema-pointer.ts";

/** Where a path of values was set; where it wasn't, where what would contain it was. */
export type PlaceOf = (path: ValuesPath, part: "value" | "key") => Pick<Problem, "file" | "line" | "column">;

export interface SchemaContext {
  readonly schema: JsonObject;
  /** What was checked. No message shows any of it: it may be secret. */
  readonly values: JsonObject;
  /** Where it is in the values of the whole chart. */
  readonly path: ValuesPath;
  readonly placeOf: PlaceOf;
}

/** A JSON Schema's errors as problems of the files that set the values. */
export function schemaProblems(errors: readonly ErrorObject[], context: SchemaContext): Problem[] {
  const problems = meaningful(errors).map((error) => problemOf(error, context));
  return [...new Map(problems.map((problem) => [`${problem.path} ${problem.message}`, problem])).values()];
}

const ALTERNATIVES = new Set(["anyOf", "oneOf"]);

/**
 * What a person has to know: of alternatives that all failed, the one whose kind the value has, where there is
 * one. The errors of alternatives come before the error that none of them fits.
 */
function meaningful(errors: readonly ErrorObject[]): ErrorObject[] {
  const kept: ErrorObject[] = [];
  for (const error of errors) {
    if (error.keyword === "if") continue;
    // More than one alternative fits: there is no error of any of them.
    if (!ALTERNATIVES.has(error.keyword) || (error.params as { passingSchemas?: unknown }).passingSchemas) {
      kept.push(error);
      continue;
    }
    const from = kept.findIndex(
      ({ schemaPath, instancePath }) =>
        schemaPath.startsWith(`${error.schemaPath}/`) && instancePath.startsWith(error.instancePath),
    );
    const branches = from < 0 ? [] : kept.splice(from);
    const deeper = branches.filter((one) => !isOfAnotherKind(one, error));
    kept.push(...(deeper.length > 0 ? deeper : [unionOf(branches, error)]));
  }
  return kept;
}

const isOfAnotherKind = (branch: ErrorObject, whole: ErrorObject) =>
  branch.instancePath === whole.instancePath && branch.keyword === "type";

/** One error that names the kinds of all alternatives. */
function unionOf(branches: readonly ErrorObject[], whole: ErrorObject): ErrorObject {
  const types = branches.flatMap(({ params }) => (params as { type: string | string[] }).type);
  return types.length === 0 ? whole : { ...whole, keyword: "type", params: { type: [...new Set(types)] } };
}

interface Fault {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  /** What is named that the path of the error doesn't have. */
  readonly key?: string;
}

function problemOf(error: ErrorObject, { schema, values, path, placeOf }: SchemaContext): Problem {
  const within = pathOf(error.instancePath, values);
  const { key, ...fault } = faultOf(error, schema, lookUp(values, within));
  const whole = [...path, ...within, ...(key === undefined ? [] : [key])];
  return {
    severity: "error",
    ...placeOf(whole, fault.code === "unknown-key" ? "key" : "value"),
    path: jsonPath(whole),
    ...fault,
  };
}

/** What ajv says of a keyword, by its documentation of error objects. */
interface Params {
  readonly type?: string | readonly string[];
  readonly missingProperty?: string;
  readonly additionalProperty?: string;
  readonly unevaluatedProperty?: string;
  readonly allowedValues?: readonly unknown[];
  readonly allowedValue?: unknown;
}

function faultOf(error: ErrorObject, schema: JsonObject, value: unknown): Fault {
  const params = error.params as Params;
  const unknown = params.additionalProperty ?? params.unevaluatedProperty;
  if (unknown !== undefined) return unknownKey(unknown, knownKeys(schema, error.schemaPath));
  if (params.missingProperty !== undefined) {
    const remedy = "Set it: the chart can't do without it";
    return { code: "missing-field", message: "required", remedy, key: params.missingProperty };
  }
  if (params.type !== undefined) {
    const types = [params.type].flat().map(nounOf);
    const message = `expected ${types.join(" or ")}, received ${kindOf(value)}`;
    return { code: "wrong-type", message, remedy: `Write it as ${types.map(withArticle).join(" or ")}` };
  }
  const allowed = params.allowedValues ?? ("allowedValue" in params ? [params.allowedValue] : undefined);
  if (allowed) return notAllowed(allowed, value);
  return {
    code: "invalid-value",
    message: error.keyword === "false schema" ? "must not be set" : (error.message ?? "invalid value"),
    remedy: "Correct the value",
  };
}

function unknownKey(key: string, known: readonly string[]): Fault {
  const fallback = known.length > 0 ? `Remove it, or use one of ${known.join(", ")}` : "Remove it";
  const message = `unknown key ${JSON.stringify(key)}`;
  return { code: "unknown-key", message, remedy: didYouMean(key, known, fallback), key };
}

function notAllowed(allowed: readonly unknown[], value: unknown): Fault {
  const all = allowed.map((one) => JSON.stringify(one)).join(", ");
  const texts = allowed.filter((one) => typeof one === "string");
  const remedy = typeof value === "string" ? didYouMean(value, texts, `Use one of ${all}`) : `Use ${all}`;
  return { code: "invalid-value", message: `must be ${allowed.length > 1 ? "one of " : ""}${all}`, remedy };
}

/** The keys that a map may have whose schema closes it with the keyword at a path. */
function knownKeys(schema: JsonObject, keywordPath: string): string[] {
  const { properties } = schemaAt(schema, keywordPath.slice(0, keywordPath.lastIndexOf("/")));
  return isObject(properties) ? Object.keys(properties) : [];
}

/** A JSON pointer as a path: only lists have indices. */
function pathOf(pointer: string, values: JsonObject): ValuesPath {
  const parts = pointer.split("/").slice(1);
  const path: (string | number)[] = [];
  for (const part of parts) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    path.push(Array.isArray(lookUp(values, path)) ? Number(key) : key);
  }
  return path;
}

/** What people who write YAML call the types of JSON. */
const NOUNS: Readonly<Record<string, string>> = { object: "map", array: "list" };
const nounOf = (type: string) => NOUNS[type] ?? type;
const withArticle = (noun: string) =>
  noun === "null" ? noun : `${/^[aeiou]/.test(noun) ? "an" : "a"} ${noun}`;

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "list";
  return nounOf(typeof value);
}
