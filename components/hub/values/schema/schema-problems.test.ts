import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../json.ts";
import { formatProblem } from "../../../problem/problem.ts";
import { readValuesFile } from "../file/values-file.ts";
import { hubValues } from "../hub-values.ts";
import { SchemaCompiler } from "./schema-compiler.ts";

const closed = (properties: JsonObject, more: JsonObject = {}) => ({
  type: "object",
  additionalProperties: false,
  properties,
  ...more,
});

const SCHEMA = closed({
  hub: closed(
    {
      config: { type: "object" },
      replicas: { type: "integer", minimum: 1 },
      pullPolicy: { enum: ["Always", "IfNotPresent", "Never"] },
      image: { type: ["object", "null"] },
      db: { anyOf: [{ type: "string" }, closed({ url: { type: "string" } })] },
      labels: { type: "object", patternProperties: { ".*": { type: "string" } } },
      rules: { type: "array", items: { $ref: "#/definitions/rule" } },
    },
    { required: ["config"] },
  ),
});
const RULES = { definitions: { rule: closed({ port: { type: "integer" } }) } };

function problemsOf(text: string, schema: unknown = { ...SCHEMA, ...RULES }, defaults: JsonObject = {}) {
  const file = "charts/hub/values.schema.json";
  const { problems } = hubValues({
    chart: {
      name: "hub",
      values: defaults,
      file: "charts/hub/values.yaml",
      schema: { text: JSON.stringify(schema), file },
      charts: [],
    },
    files: [readValuesFile("hub: {config: {}}\n", "common.yaml"), readValuesFile(text, "hub.yaml")],
    generated: [],
    secrets: [],
    schemas: new SchemaCompiler(),
  });
  return problems.map(formatProblem);
}

describe("values that a chart's schema refuses are reported", () => {
  it.each([
    [
      "with what an unknown key may have meant",
      "hub:\n  replica: 1\n",
      'hub.yaml:2:3 hub.replica: unknown key "replica". Did you mean "replicas"?',
    ],
    [
      "by their kind",
      "hub:\n  image: text\n",
      "hub.yaml:2:10 hub.image: expected map or null, received string. Write it as a map or null.",
    ],
    [
      "with what they may be",
      "hub:\n  pullPolicy: never\n",
      'hub.yaml:2:15 hub.pullPolicy: must be one of "Always", "IfNotPresent", "Never". Did you mean "Never"?',
    ],
    ["by their size", "hub: {replicas: 0}\n", "hub.yaml:1:17 hub.replicas: must be >= 1. Correct the value."],
    [
      "once, where no alternative fits",
      "hub: {db: 1}\n",
      "hub.yaml:1:11 hub.db: expected string or map, received number. Write it as a string or a map.",
    ],
    [
      "by the alternative whose kind they have",
      "hub: {db: {ur: x}}\n",
      'hub.yaml:1:12 hub.db.ur: unknown key "ur". Did you mean "url"?',
    ],
    [
      "below a list and a reference",
      "hub: {rules: [{port: 1}, {prt: 2}]}\n",
      'hub.yaml:1:27 hub.rules[1].prt: unknown key "prt". Did you mean "port"?',
    ],
    [
      "in the file that set them",
      "hub: {config: null}\n",
      "hub.yaml:1:15 hub.config: expected map, received null. Write it as a map.",
    ],
  ])("%s", (_, text, expected) => {
    expect(problemsOf(text)).toEqual([expected]);
  });

  it("at the chart's own file, where it sets them", () => {
    expect(problemsOf("{}", { ...SCHEMA, ...RULES }, { hub: { replicas: "1" } })).toEqual([
      "charts/hub/values.yaml hub.replicas: expected integer, received string. Write it as an integer.",
    ]);
  });

  it("where they are missing, at what would contain them", () => {
    const schema = closed({ hub: closed({ config: {}, secret: {} }, { required: ["secret"] }) });
    expect(problemsOf("hub:\n  config: {a: 1}\n", schema)).toEqual([
      "hub.yaml:2:3 hub.secret: required. Set it: the chart can't do without it.",
    ]);
  });

  it.each([
    ["https://json-schema.org/draft/2020-12/schema"],
    ["https://json-schema.org/draft/2019-09/schema"],
    ["http://json-schema.org/draft-07/schema#"],
    ["http://json-schema.org/draft-04/schema#"],
  ])("in the dialect %s", ($schema) => {
    expect(problemsOf("hub: {asdf: 1}\n", { $schema, ...SCHEMA })).toHaveLength(1);
  });
});

it.each([
  ["no JSON", "{"],
  ["a reference that leads nowhere", '{"$ref": "https://example.org/none.json"}'],
])("a schema with %s is a warning", (_, text) => {
  const compiled = new SchemaCompiler().compile({ text, file: "s.json" });
  expect(compiled).toMatchObject({ code: "unusable-schema", severity: "warning", file: "s.json" });
});

it("a schema is compiled once", () => {
  const compiler = new SchemaCompiler();
  const schema = { text: '{"type": "object"}', file: "s.json" };
  expect(compiler.compile(schema)).toBe(compiler.compile({ ...schema }));
});
