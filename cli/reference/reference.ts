import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Command } from "commander";
import { z } from "zod";
import { courseSchema } from "../../components/article/source/course/course-schema.ts";
import { calendarJsonSchema } from "../../components/calendar/file/calendar-schema.ts";
import { announcementsJsonSchema } from "../../components/cluster/announcements/announcements-file.ts";
import { clusterJsonSchema } from "../../components/cluster/declaration/cluster-schema.ts";
import { nodeGroupsJsonSchema } from "../../components/cluster/node-groups/node-groups.ts";
import { profilesJsonSchema } from "../../components/hub/profiles/profiles-file.ts";
import { imagesJsonSchema } from "../../components/image/selection/images-file.ts";
import { kernelFileSchema } from "../../components/kernel/declaration/kernel-schema.ts";
import { lectureFileSchema } from "../../components/proof/lecture/lecture-schema.ts";
import { deploymentPlanSchema } from "../../plan/deployment/deployment-plan.ts";
import { mapSchema } from "../../plan/map/map-file.ts";
import { runReportSchema } from "../../plan/model.ts";
import { configJsonSchema, configSchema, SECRET_KEYS } from "../../stacks/config.ts";
import { commandReference } from "./command-reference.ts";

/** The generated files in docs/: path, relative to the project, to content. */
export function referenceFiles(program: Command): Record<string, string> {
  return {
    "docs/reference/configuration.md": configurationReference(),
    "docs/reference/cli.md": commandReference(program),
    ...Object.fromEntries(
      Object.entries(SCHEMAS).map(([name, schema]) => [
        `docs/schema/${name}.schema.json`,
        `${JSON.stringify(schema(), null, 2)}\n`,
      ]),
    ),
  };
}

/** The schemas of the files that people edit, for their editors, and of what commands print. */
const SCHEMAS: Readonly<Record<string, () => unknown>> = {
  stack: configJsonSchema,
  course: () => z.toJSONSchema(courseSchema, { io: "input" }),
  lecture: () => z.toJSONSchema(lectureFileSchema, { io: "input" }),
  kernel: () => z.toJSONSchema(kernelFileSchema, { io: "input" }),
  cluster: clusterJsonSchema,
  calendar: calendarJsonSchema,
  images: imagesJsonSchema,
  "node-groups": nodeGroupsJsonSchema,
  profiles: profilesJsonSchema,
  announcements: announcementsJsonSchema,
  run: () => documentSchema(runReportSchema),
  "deployment-plan": () => documentSchema(deploymentPlanSchema),
  report: () => documentSchema(mapSchema),
};

/** Writes {@link referenceFiles}. @returns the exit code */
export async function writeReference(program: Command): Promise<number> {
  const root = join(import.meta.dirname, "..", "..");
  for (const [path, content] of Object.entries(referenceFiles(program))) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
    process.stdout.write(`${path}\n`);
  }
  return 0;
}

type JsonSchema = z.core.JSONSchema.JSONSchema;

/** The schema of a document that a command prints. */
function documentSchema(schema: z.ZodType): unknown {
  return z.toJSONSchema(schema, {
    io: "input",
    // In zod it is about the type of the parsed array, not about the document.
    override: ({ jsonSchema }) => void delete jsonSchema.readOnly,
  });
}

function configurationReference(): string {
  const schema = z.toJSONSchema(configSchema, { io: "input" });
  const required = new Set(schema.required ?? []);
  const sections = Object.entries(schema.properties ?? {}).map(([key, field]) =>
    section(key, field as JsonSchema, required.has(key)),
  );
  return [
    "# Configuration of a stack",
    "Every key that `Pulumi.<stack>.yaml` may have below `config:`. This page is generated from the schema that",
    "checks them (`npm run -s lectern -- reference`); an unknown key fails the preview. Editors that support",
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

/** The fields of an object, or of the entries of a map or a list. */
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
