import { z } from "zod";
import { LecternError, type Problem } from "../../problem/problem.ts";
import { parseYaml } from "../../problem/yaml-file.ts";
import { type Locate, zodProblems } from "../../problem/zod.ts";

const override = z
  .record(z.string(), z.unknown())
  .describe("Settings of KubeSpawner, by the names of its traits; null removes one");
const label = z.string().min(1);
const choiceKey = z.string().regex(/^[\w.-]{1,128}$/, "expected letters, digits, dot, - and _");

/** `profile` is the key of the profile itself among what a user chose, and `--` divides the names on the page. */
const optionKey = choiceKey.refine((key) => key !== "profile" && !key.includes("--"), {
  error: 'the page of KubeSpawner reserves "profile" and keys with "--"',
});

const choice = z.strictObject({
  display_name: label,
  description: z
    .string()
    .optional()
    .describe("What jupyterhub-fancy-profiles shows with the name; KubeSpawner's own form does not"),
  default: z.boolean().optional(),
  node_group: z
    .string()
    .min(1)
    .optional()
    .describe("A slug of node-groups.json: servers with this choice run on its nodes"),
  kubespawner_override: override.optional(),
});

const unlistedChoice = z.strictObject({
  enabled: z.boolean(),
  display_name: label.optional(),
  display_name_in_choices: label.optional(),
  description_in_choices: z
    .string()
    .optional()
    .describe("What jupyterhub-fancy-profiles shows with display_name_in_choices"),
  validation_regex: z.string().optional().describe("What a user's text must match from its beginning"),
  validation_message: z.string().optional(),
  kubespawner_override: override.optional().describe("Settings in which {value} stands for the user's text"),
});

const option = z.strictObject({
  display_name: label,
  choices: z.record(choiceKey, choice).optional(),
  unlisted_choice: unlistedChoice.optional(),
});
/** An option that a node group or the images bring along already may be given in part. */
const partOfOption = option.partial();

const namedImage = z.strictObject({
  image: z.string().min(1).describe("repository[:tag]@sha256:…; the tag only names it"),
  display_name: label.optional().describe("Default: what the tag says"),
  default: z.boolean().optional(),
});
const image = z.union([z.string().min(1), namedImage], "expected an image by its digest, or an object");

const profile = z.strictObject({
  display_name: label,
  slug: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$/, "expected lower-case letters, digits, dot, - and _")
    .optional()
    .describe("Its name in links and logs. Default: made from display_name"),
  description: z.string().optional(),
  default: z.boolean().optional().describe("Default: the first profile is"),
  node_groups: z
    .union(
      [z.string().min(1), z.array(z.string().min(1)).min(1)],
      "expected a slug of node-groups.json, or a list of them",
    )
    .optional()
    .describe("Slugs from node-groups.json: one binds the profile to it, several are a choice"),
  images: z
    .union(
      [z.string().min(1), z.array(image).min(1)],
      "expected an entry of images.yaml, or a list of images",
    )
    .optional()
    .describe("An entry of images.yaml, or images by digest: one is the profile's, several are a choice"),
  kubespawner_override: override.optional(),
  profile_options: z.record(optionKey, partOfOption).optional(),
});

const profiles = z.array(profile).min(1, "expected at least one profile");

export type Profile = z.output<typeof profile>;
export type ProfileOption = z.output<typeof partOfOption>;

/** The profiles of `profiles.yaml`, with the means to say where a problem is. */
export interface ProfilesFile {
  readonly profiles: readonly Profile[];
  /** A problem at a place in the file, the path counted from the list of profiles. */
  problem(
    path: readonly PropertyKey[],
    about: Pick<Problem, "code" | "message" | "remedy"> & Partial<Pick<Problem, "severity">>,
  ): Problem;
}

/**
 * The profiles of a cluster: a list, or an object whose `profiles` is one.
 * @throws {LecternError} with every problem, each with its field and line
 */
export function readProfiles(text: string, file: string): ProfilesFile {
  const { value, problems, locate } = parseYaml(text, file);
  if (problems.length > 0) throw new LecternError(problems);
  const wrapped = !Array.isArray(value);
  const parsed = wrapped ? z.strictObject({ profiles }).safeParse(value) : profiles.safeParse(value);
  if (!parsed.success) {
    const known = (path: readonly PropertyKey[]) => knownKeys(wrapped ? path.slice(1) : path);
    const error = new z.ZodError(parsed.error.issues.flatMap(meantIssues));
    throw new LecternError(zodProblems(error, { file, locate, known }));
  }
  const list = Array.isArray(parsed.data) ? parsed.data : parsed.data.profiles;
  return { profiles: list, problem: problemAt(file, locate, wrapped ? ["profiles"] : []) };
}

/** The JSON Schema of `profiles.yaml`, for editors. */
export function profilesJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(z.union([profiles, z.strictObject({ profiles })]), { io: "input" });
  return { title: "The profiles of a cluster's hubs", ...schema };
}

/** Of a union, what is wrong with the form that was meant: the one whose type the value has. */
function meantIssues(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== "invalid_union") return [issue];
  const meant = issue.errors.find((issues) =>
    issues.every(({ code, path }) => path.length > 0 || code !== "invalid_type"),
  );
  if (meant === undefined) return [issue];
  return meant.flatMap((inner) => meantIssues({ ...inner, path: [...issue.path, ...inner.path] }));
}

function problemAt(file: string, locate: Locate, root: readonly string[]): ProfilesFile["problem"] {
  return (path, about) => {
    const full = [...root, ...path];
    const written = zodPath(full);
    return { severity: "error", ...about, file, ...(written ? { path: written } : {}), ...locate(full) };
  };
}

const zodPath = (path: readonly PropertyKey[]) =>
  path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    return text === "" ? String(part) : `${text}.${String(part)}`;
  }, "");

/** The keys that an object may have at a path below the list of profiles. */
function knownKeys(path: readonly PropertyKey[]): string[] {
  const [, section, , inner] = path;
  if (path.length === 0) return ["profiles"];
  if (path.length === 1) return Object.keys(profile.shape);
  if (section !== "profile_options") return Object.keys(namedImage.shape);
  if (path.length === 3) return Object.keys(option.shape);
  return Object.keys(inner === "choices" ? choice.shape : unlistedChoice.shape);
}
