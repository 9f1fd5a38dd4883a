import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { courseSchema } from "../components/article/source/course-schema.ts";
import { nodeGroupsJsonSchema } from "../components/cluster/node-groups/node-groups.ts";
import { profilesJsonSchema } from "../components/hub/profiles/profiles-file.ts";
import { imagesJsonSchema } from "../components/image/selection/images-file.ts";
import { kernelFileSchema } from "../components/kernel/declaration/kernel-schema.ts";
import { configJsonSchema, configSchema, SECRET_KEYS } from "../stacks/config.ts";

/** The files under docs/ that are made from the schemas: path, relative to the project, to content. */
export function referenceFiles(): Record<string, string> {
  return {
    "docs/reference/configuration.md": configurationReference(),
    ...Object.fromEntries(
      Object.entries(SCHEMAS).map(([name, schema]) => [
        `docs/schema/${name}.schema.json`,
        `${JSON.stringify(schema(), null, 2)}\n`,
      ]),
    ),
  };
}

/** The files that people edit, and what editors need to help them. */
const SCHEMAS: Readonly<Record<string, () => unknown>> = {
  stack: configJsonSchema,
  course: () => z.toJSONSchema(courseSchema, { io: "input" }),
  kernel: () => z.toJSONSchema(kernelFileSchema, { io: "input" }),
  images: imagesJsonSchema,
  "node-groups": nodeGroupsJsonSchema,
  profiles: profilesJsonSchema,
};

/** Writes {@link referenceFiles}. @returns the exit code */
export async function writeReference(root: string): Promise<number> {
  for (const [path, content] of Object.entries(referenceFiles())) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
    process.stdout.write(`${path}\n`);
  }
  return 0;
}

type JsonSchema = z.core.JSONSchema.JSONSchema;

function configurationReference(): string {
  const schema = z.toJSONSchema(configSchema, { io: "input" });
  const required = new Set(schema.required ?? []);
  const sections = Object.entries(schema.properties ?? {}).map(([key, field]) =>
    section(key, field as JsonSchema, required.has(key)),
  );
  return [
    "# Configuration of a stack",
    "Every key that `Pulumi.<stack>.yaml` may have below `config:`. This page is made from the schema that",
    "checks them (`npm run -s lectern -- reference`); an unknown key fails the preview. Editors that know",
    "JSON Schema can use [stack.schema.json](../schema/stack.schema.json).",
    "",
    ...sections,
  ].join("\n");
}

function section(key: string, field: JsonSchema, required: boolean): string {
  const facts = [
    `Type: ${typeName(field)}.`,
    required ? "Required." : "",
    field.default === undefined ? "" : `Default: \`${JSON.stringify(field.default)}\`.`,
    SECRET_KEYS.includes(key) && !field.description?.includes("A secret")
      ? `A secret: \`pulumi config set --secret lectern:${key}\`.`
      : "",
  ].filter((fact) => fact !== "");
  const inner = Object.entries(fieldsOf(field)).map(([name, child]) => fieldLine(name, child as JsonSchema));
  return [
    `## lectern:${key}`,
    `${field.description ?? ""}.`,
    "",
    facts.join(" "),
    "",
    ...inner,
    inner.length > 0 ? "" : undefined,
  ]
    .filter((line) => line !== undefined)
    .join("\n");
}

function fieldLine(name: string, field: JsonSchema): string {
  const fallback = field.default === undefined ? "" : ` Default: \`${JSON.stringify(field.default)}\`.`;
  return `- \`${name}\` (${typeName(field)}): ${field.description ?? ""}.${fallback}`;
}

/** The fields of an object, or of what a map or a list holds. */
function fieldsOf(field: JsonSchema): Record<string, unknown> {
  if (field.properties) return field.properties;
  const inner = field.additionalProperties ?? field.items;
  return typeof inner === "object" && !Array.isArray(inner) && inner.properties ? inner.properties : {};
}

function typeName(field: JsonSchema): string {
  if (field.enum) return field.enum.map((value) => `\`${JSON.stringify(value)}\``).join(" or ");
  if (field.anyOf) return field.anyOf.map((option) => typeName(option as JsonSchema)).join(" or ");
  if (field.type === "object" && typeof field.additionalProperties === "object") return "map";
  if (field.type === "array") return "list";
  return String(field.type ?? "value");
}
