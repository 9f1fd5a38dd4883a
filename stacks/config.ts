import { z } from "zod";
import { articleConfig } from "../components/article/config.ts";
import { clusterConfig } from "../components/cluster/config.ts";
import { hubConfig } from "../components/hub/config.ts";
import { imageConfig } from "../components/image/config.ts";
import { kernelConfig } from "../components/kernel/config.ts";
import { keysKnownTo } from "../components/problem/known-keys.ts";
import { LecternError, type Problem } from "../components/problem/problem.ts";
import { zodProblems } from "../components/problem/zod.ts";
import { qbookConfig } from "../components/qbook/config.ts";
import { configValue } from "../components/resource/context/configured.ts";
import { freezeConfig } from "./calendar/config.ts";
import { overrideConfig } from "./promotion/override.ts";
import { scopeConfig } from "./shards/scope.ts";
import { problemsIn, type StackFile } from "./stack-file.ts";

const NAMESPACE = "lectern";

/** What belongs to the stack as a whole; each component brings its own slice. */
const stackConfig = {
  catalog: z
    .string()
    .min(1)
    .default("catalog")
    .describe(
      "Folder with the courses, blogs, kernels, clusters, charts and images, relative to the project",
    ),
  externalKernels: z
    .array(z.string().min(1))
    .default([])
    .describe("Display names of kernels that exist without this stack, so that notebooks may name them"),
  confirmRemovals: z
    .array(
      z
        .string()
        .regex(
          /^(course|blog|kernel|images|image|profiles|hub)\/./,
          "Expected course/…, blog/…, kernel/…, images/…, image/…, profiles/… or hub/…",
        ),
    )
    .default([])
    .describe(
      "What may be removed although a deployment would remove more than a quarter of its kind, such as course/bell-states, or the profiles.yaml of a cluster whose images.yaml stays, such as profiles/campus, or a hub that was not retired before, such as hub/campus/prod; without it, such a deployment is refused",
    ),
  imageRepository: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Where images of kernels and hubs that are built are pushed to, such as ghcr.io/my-organization/kernels; the name of the kernel or image is appended",
    ),
  courseRepository: z
    .strictObject({
      url: z
        .url({ protocol: /^https$/ })
        .describe(
          "The repository with the catalog, which hubs can read: https://github.com/my-organization/teaching",
        ),
      branch: z.string().min(1).default("main").describe("The branch that hubs pull"),
      folder: z
        .string()
        .optional()
        .describe("The catalog's folder in that repository. Default: lectern:catalog"),
    })
    .optional()
    .describe(
      "Where hubs get the notebooks of courses from, with nbgitpuller: the output `courseLinks` then has a link for each course and hub",
    ),
  stagingStack: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Prod only: the stack that proves what prod gets, as organization/project/stack, or the name of a stack beside this one. Default: `staging` for `prod`, `staging-campus` for `prod-campus`",
    ),
  assumeStaging: z
    .boolean()
    .default(false)
    .describe("Prod previews only: plan as if staging had passed. Refused in `pulumi up`"),
};

/** The whole configuration of a stack: every key below `lectern:`. */
export const configSchema = z.strictObject({
  ...stackConfig,
  ...scopeConfig,
  ...qbookConfig,
  ...articleConfig,
  ...kernelConfig,
  ...imageConfig,
  ...clusterConfig,
  ...hubConfig,
  ...overrideConfig,
  ...freezeConfig,
});

export type StackConfig = z.output<typeof configSchema>;

/** Keys whose values are secrets: they must be set with `--secret`, and only providers read them. */
export const SECRET_KEYS: readonly string[] = Object.entries(configSchema.shape)
  .filter(([, field]) => z.globalRegistry.get(field as z.ZodType)?.["secret"] === true)
  .map(([key]) => key);

/**
 * A stack's configuration from its raw form, as the engine hands it over: `lectern:key` → text,
 * objects as JSON text.
 * @param file the stack's file: a problem names it only where the key is in it, as a key may come from the
 * project's file, an option or the environment too
 * @throws {LecternError} with every problem at once, each with its key
 */
export function parseConfig(
  raw: Readonly<Record<string, string>>,
  isSecret: (key: string) => boolean,
  file: StackFile,
): StackConfig {
  const problems: Problem[] = [];
  const values: Record<string, unknown> = {};
  for (const [fullKey, text] of Object.entries(raw)) {
    const key = ownKey(fullKey);
    if (key === undefined) continue;
    if (SECRET_KEYS.includes(key) && !isSecret(fullKey)) problems.push(plainSecret(fullKey));
    const value = typedValue(key, text);
    if (value === MALFORMED) problems.push(malformed(fullKey));
    else values[key] = value;
  }
  const parsed = configSchema.safeParse(values);
  if (!parsed.success) {
    problems.push(...zodProblems(parsed.error, { path: keyPath, known: knownKeys }));
  }
  if (problems.length > 0) throw new LecternError(problemsIn(file, problems));
  return parsed.data as StackConfig;
}

/** The JSON Schema of the `config` section of `Pulumi.<stack>.yaml`, for editors. */
export function configJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(configSchema, { io: "input" });
  const properties = Object.fromEntries(
    Object.entries(schema.properties ?? {}).map(([key, value]) => [`${NAMESPACE}:${key}`, value]),
  );
  const config = { ...schema, $schema: undefined, properties, additionalProperties: true };
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Configuration of a Lectern stack",
    type: "object",
    properties: {
      config: {
        ...config,
        propertyNames: {
          pattern: `^(?!${NAMESPACE}:)|^${NAMESPACE}:(${Object.keys(configSchema.shape).join("|")})$`,
        },
      },
    },
  };
}

const ownKey = (fullKey: string) =>
  fullKey.startsWith(`${NAMESPACE}:`) ? fullKey.slice(NAMESPACE.length + 1) : undefined;

const MALFORMED: unique symbol = Symbol("malformed");

function typedValue(key: string, text: string): unknown {
  const field = configSchema.shape[key as keyof typeof configSchema.shape];
  if (!field) return text;
  try {
    return configValue(field, text);
  } catch {
    return MALFORMED;
  }
}

const keyPath = (path: readonly PropertyKey[]) =>
  path.reduce<string>(
    (text, part) =>
      typeof part === "number"
        ? `${text}[${part}]`
        : text
          ? `${text}.${String(part)}`
          : `${NAMESPACE}:${String(part)}`,
    "",
  );

const knownKeys = keysKnownTo(configSchema);

function plainSecret(key: string): Problem {
  return {
    code: "plain-secret",
    severity: "error",
    path: key,
    message: "this is a secret, but it is stored in plain text",
    remedy: `Run \`pulumi config set --secret ${key}\`, and replace the value wherever it was committed`,
  };
}

function malformed(key: string): Problem {
  return {
    code: "wrong-type",
    severity: "error",
    path: key,
    message: "the value does not have the type that this key requires",
    remedy: "See the key in docs/reference/configuration.md",
  };
}
