import { Ajv, type ErrorObject, type Options, type ValidateFunction } from "ajv";
import { Ajv2019 } from "ajv/dist/2019.js";
import { Ajv2020 } from "ajv/dist/2020.js";
import ajvFormats from "ajv-formats";
import { type Digest, digestOf } from "../../../digest.ts";
import { isObject, type JsonObject } from "../../../json.ts";
import type { Problem } from "../../../problem/problem.ts";
import type { ChartSchema } from "../chart/chart-values.ts";

/** A JSON Schema that is ready for use. */
export interface CompiledSchema {
  readonly schema: JsonObject;
  /** Every way in which values don't meet it. */
  readonly errorsOf: (values: JsonObject) => readonly ErrorObject[];
}

/**
 * Compiles the JSON Schemas of charts, each once: JupyterHub's takes a fifth of a second, and serves every hub
 * of a run. Nothing is kept on disk, where it would be code that the next run trusts.
 */
export class SchemaCompiler {
  readonly #compiled = new Map<Digest, CompiledSchema | Problem>();

  /** @returns a warning where the schema can't be used: Helm itself checks the values when it deploys */
  compile(schema: ChartSchema): CompiledSchema | Problem {
    const digest = digestOf(schema.text);
    const compiled = this.#compiled.get(digest) ?? compile(schema);
    this.#compiled.set(digest, compiled);
    return compiled;
  }
}

function compile({ text, file }: ChartSchema): CompiledSchema | Problem {
  try {
    const schema: unknown = JSON.parse(text);
    const object = isObject(schema) ? schema : {};
    const { $schema: dialect, ...rest } = object;
    const validate = ajvFor(dialect).compile(schema === false ? false : rest);
    return { schema: object, errorsOf: (values) => errorsOf(validate, values) };
  } catch (error) {
    return unusable(file, error instanceof Error ? error.message : String(error));
  }
}

function errorsOf(validate: ValidateFunction, values: JsonObject): readonly ErrorObject[] {
  validate(values);
  return validate.errors ?? [];
}

const OPTIONS: Options = {
  allErrors: true,
  // Helm's validator takes keywords and combinations that it does not know.
  strict: false,
  validateSchema: false,
  logger: false,
  // A pattern such as [\w-] is no regular expression in Unicode mode.
  unicodeRegExp: false,
};

/** The validator for a dialect; for the newest where the schema names none, as Helm's. */
function ajvFor(dialect: unknown): Ajv {
  const version = /20\d\d-\d\d|draft-0\d/.exec(String(dialect ?? "2020-12"))?.[0];
  // Only the drafts demand what a format says.
  if (version === "2020-12") return new Ajv2020({ ...OPTIONS, validateFormats: false });
  if (version === "2019-09") return new Ajv2019({ ...OPTIONS, validateFormats: false });
  const ajv = new Ajv(OPTIONS);
  ajvFormats.default(ajv);
  return ajv;
}

const unusable = (file: string, reason: string): Problem => ({
  code: "unusable-schema",
  severity: "warning",
  file,
  message: `values are not checked here against the chart's schema, which can't be used: ${reason.replace(/\.$/, "")}`,
  remedy: "Correct the schema; Helm checks the values when it deploys them",
});
