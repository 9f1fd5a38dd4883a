import { join } from "node:path";
import { z } from "zod";
import { LecternError, type Problem } from "../../problem/problem.ts";
import { parseYaml } from "../../problem/yaml-file.ts";
import { zodProblems } from "../../problem/zod.ts";
import { movableName } from "../alias/alias-inputs.ts";
import { parseRepository } from "../reference.ts";
import { imagePolicy } from "./policy.ts";

const entry = z.strictObject({
  repository: z.string().min(1).describe("The repository on its registry, without a tag"),
  alias: z
    .string()
    .min(1)
    .optional()
    .describe("The moving tag that is set to what the policy recommends. Default: no tag is moved"),
  policy: imagePolicy
    .default(imagePolicy.parse({}))
    .describe("Which of its images are offered and held ready"),
});

const imagesFile = z.record(
  z.string().regex(/^[\w.-]{1,63}$/, "expected letters, digits, dot, - and _"),
  entry,
);

/** The entries of a cluster's `images.yaml`, by their keys. */
export type ImagesFile = z.output<typeof imagesFile>;

/** @throws {LecternError} with every problem, each with its field and line */
export function readImagesFile(text: string, file: string): ImagesFile {
  const { value, problems, locate } = parseYaml(text, file);
  if (problems.length > 0) throw new LecternError(problems);
  const parsed = imagesFile.safeParse(value ?? {});
  if (!parsed.success) throw new LecternError(zodProblems(parsed.error, { file, locate, known }));
  const wrong = Object.entries(parsed.data).flatMap(([key, { repository, alias }]) => {
    const inField = (field: string, problems: readonly Problem[]) =>
      problems.map(
        (problem): Problem => ({ ...problem, file, path: `${key}.${field}`, ...locate([key, field]) }),
      );
    // The alias as it is written: a stack's prefix before it would hide that it is the name of one image.
    const aliasProblems = alias === undefined ? [] : problemsOf(() => movableName(alias));
    return [
      ...inField(
        "repository",
        problemsOf(() => parseRepository(repository)),
      ),
      ...inField("alias", aliasProblems),
    ];
  });
  if (wrong.length > 0) throw new LecternError(wrong);
  return parsed.data;
}

/** The JSON Schema of `images.yaml`, for editors. */
export function imagesJsonSchema(): Record<string, unknown> {
  return { title: "The images of a cluster's hubs", ...z.toJSONSchema(imagesFile, { io: "input" }) };
}

function known(path: readonly PropertyKey[]): string[] {
  if (path.length === 1) return Object.keys(entry.shape);
  return path.length === 2 && path[1] === "policy" ? Object.keys(imagePolicy.shape) : [];
}

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
export async function ofEntry<T>(folder: string, key: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    throw new LecternError(error.problems.map((problem) => atEntry(folder, key, problem)));
  }
}

function atEntry(folder: string, key: string, problem: Problem): Problem {
  const field = problem.path === undefined ? "repository" : `policy.${problem.path}`;
  return { file: join(folder, "images.yaml"), ...problem, path: `${key}.${field}` };
}
