import { z } from "zod";
import { LecternError, type Problem } from "../../problem/problem.ts";
import { parseYaml } from "../../problem/yaml-file.ts";
import { jsonPath, type Locate, zodProblems } from "../../problem/zod.ts";
import { movableName } from "../alias/alias-inputs.ts";
import { parseRepository } from "../reference.ts";
import { fixedBy } from "../tags/immutable-forms.ts";
import { parseTag } from "../tags/tag-grammar.ts";
import { type ImagePolicy, imagePolicy, policyKeys } from "./policy.ts";

const repository = z.string().min(1);

const entry = z.strictObject({
  repository: z
    .union([repository, z.array(repository).min(1)], "expected a repository, or a list of repositories")
    .describe(
      "The repository on its registry, without a tag. Of several, images are selected from the first; the alias is moved in all of them, and the image is brought to those that lack it",
    ),
  alias: z
    .string()
    .min(1)
    .optional()
    .describe("The moving tag that is set to what the policy recommends. Default: no tag is moved"),
  display_name: z
    .string()
    .min(1)
    .optional()
    .describe("What its images begin with in a profile that offers several entries. Default: its key"),
  policy: imagePolicy
    .default(imagePolicy.parse({}))
    .describe("Which of its images are offered and held ready"),
});

const imagesFile = z.record(
  z.string().regex(/^[\w.-]{1,63}$/, "expected letters, digits, dot, - and _"),
  entry,
);

/** An entry of a cluster's `images.yaml`. */
export interface ImageEntry {
  /** Where images are selected. */
  readonly repository: string;
  /** Where the alias is moved: {@link repository}, and perhaps others. */
  readonly repositories: readonly string[];
  readonly alias?: string | undefined;
  /** What it is called among several entries. @default its key */
  readonly displayName?: string | undefined;
  readonly policy: ImagePolicy;
  /** A problem of the entry at one of its fields, such as `["policy", "pin", 0]`, in its file. */
  at(problem: Omit<Problem, "severity"> & Partial<Problem>, field: readonly PropertyKey[]): Problem;
}

/** The entries of a cluster's `images.yaml`, by their keys. */
export type ImagesFile = Readonly<Record<string, ImageEntry>>;

/** @throws {LecternError} with every problem, each with its field and line */
export function readImagesFile(text: string, file: string): ImagesFile {
  const { value, problems, locate } = parseYaml(text, file);
  if (problems.length > 0) throw new LecternError(problems);
  const parsed = imagesFile.safeParse(value ?? {});
  if (!parsed.success) throw new LecternError(zodProblems(parsed.error, { file, locate, known }));
  const entries = Object.entries(parsed.data).map(
    ([key, written]) => [key, entryOf(written, placed(file, key, locate))] as const,
  );
  const wrong = entries.flatMap(([key, one]) => entryProblems(one, parsed.data[key]?.repository));
  if (wrong.length > 0) throw new LecternError(wrong);
  return Object.fromEntries(entries);
}

/** The JSON Schema of `images.yaml`, for editors. */
export function imagesJsonSchema(): Record<string, unknown> {
  return { title: "The images of a cluster's hubs", ...z.toJSONSchema(imagesFile, { io: "input" }) };
}

function known(path: readonly PropertyKey[]): string[] {
  if (path.length === 1) return Object.keys(entry.shape);
  return path[1] === "policy" ? policyKeys(path.slice(2)) : [];
}

const placed =
  (file: string, key: string, locate: Locate): ImageEntry["at"] =>
  (problem, field) => ({
    severity: "error",
    ...problem,
    file,
    path: jsonPath([key, ...field]),
    ...locate([key, ...field]),
  });

function entryOf(written: z.output<typeof entry>, at: ImageEntry["at"]): ImageEntry {
  const { alias, display_name: displayName, policy } = written;
  const repositories = [written.repository].flat();
  return { repository: repositories[0] ?? "", repositories, alias, displayName, policy, at };
}

function entryProblems({ repositories, alias, policy, at }: ImageEntry, written: unknown): Problem[] {
  const problems = repositories.flatMap((text, index) => {
    const field = Array.isArray(written) ? ["repository", index] : ["repository"];
    const malformed = problemsOf(() => parseRepository(text));
    if (malformed.length > 0) return malformed.map((problem) => at(problem, field));
    const above = repositories.slice(0, index);
    return above.some((other) => isSame(other, text)) ? [at(listedTwice(text), field)] : [];
  });
  if (alias === undefined) return problems;
  const isFixed = fixedBy(policy.immutable);
  // The alias as it is written: a stack's prefix before it would hide that it is the name of one image.
  problems.push(
    ...problemsOf(() => movableName(alias, policy.immutable)).map((problem) => at(problem, ["alias"])),
  );
  const { recommended } = policy;
  if (recommended !== undefined && !isFixed(parseTag(recommended)))
    problems.push(at(movingTarget(alias, recommended), ["policy", "recommended"]));
  return problems;
}

/** Whether two texts name one repository: `lab` is `docker.io/library/lab`. */
function isSame(one: string, other: string): boolean {
  try {
    return parseRepository(one) === parseRepository(other);
  } catch {
    return false;
  }
}

const listedTwice = (text: string) => ({
  code: "duplicate-repository",
  message: `the repository ${JSON.stringify(text)} is listed twice`,
  remedy: "Remove one of them",
});

/** An alias of what can move would come to name what nobody has reviewed. */
export const movingTarget = (alias: string, target: string) => ({
  code: "moving-target",
  message: `the tag ${JSON.stringify(target)} may name another image tomorrow, so the alias ${JSON.stringify(alias)} would follow it without a review`,
  remedy:
    "Recommend a tag that names one image for good, such as w_2026_10 or 2026.1; if this one does, add its form to policy.immutable",
});

function problemsOf(parse: () => unknown): readonly Problem[] {
  try {
    parse();
    return [];
  } catch (error) {
    if (error instanceof LecternError) return error.problems;
    throw error;
  }
}

/**
 * What an entry of a cluster's images.yaml comes to.
 * @throws {LecternError} with its problems at the entry's fields: the policy's, or else the repository's
 */
export async function ofEntry<T>({ at }: ImageEntry, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    throw new LecternError(
      error.problems.map((problem) => (isOfStack(problem) ? problem : at(problem, fieldOf(problem)))),
    );
  }
}

/** Whether a problem is one of the stack's configuration. */
const isOfStack = ({ path }: Problem) => path?.startsWith("lectern:") ?? false;

/** `pin[0]` of a policy as steps from its entry. */
function fieldOf({ path }: Problem): PropertyKey[] {
  const steps = path?.match(/[^.[\]]+/g);
  if (!steps) return ["repository"];
  return ["policy", ...steps.map((step) => (/^\d+$/.test(step) ? Number(step) : step))];
}
