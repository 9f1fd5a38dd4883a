import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ProfilesFile } from "../hub/profiles/profiles-file.ts";
import { readValuesFile } from "../hub/values/file/values-file.ts";
import { placeholderProblems, placeholdersIn, SCHEME } from "../hub/values/image-placeholders.ts";
import type { ValuesLayer } from "../hub/values/layers.ts";
import { allOf } from "../problem/all.ts";
import { LecternError, type Problem } from "../problem/problem.ts";
import type { ClusterDeclaration, NamedFile } from "./declaration/cluster-declaration.ts";

/**
 * The images of the catalog's images/ that a cluster's values files and profiles name.
 * @param folder the cluster's
 * @throws {LecternError} with every name that there is no image for, at its place
 */
export async function imagesNamed(
  folder: string,
  declaration: Pick<ClusterDeclaration, "support" | "hubs"> | undefined,
  profiles: ProfilesFile | undefined,
): Promise<readonly string[]> {
  const { support, hubs = [] } = declaration ?? {};
  const files = [...(support ? [support] : []), ...hubs].flatMap(({ values }) => values);
  const paths = [...new Set(files.map(({ path }: NamedFile) => path))];
  const [images, layers] = await allOf([
    foldersIn(join(dirname(dirname(folder)), "images")),
    allOf(paths.map(layerWithImages)),
  ]);
  const found = layers.flatMap((layer) => layer ?? []);
  const problems = [
    ...found.flatMap(({ source, values, locate }) =>
      placeholderProblems(values, images, (path) => ({ file: source, ...locate?.(path) })),
    ),
    ...problemsIn(profiles, images),
  ];
  if (problems.length > 0) throw new LecternError(problems);
  const placeholders = [...found.map(({ values }) => values), profiles?.profiles].flatMap(placeholdersIn);
  return [...new Set(placeholders.map(({ name }) => name))].sort();
}

/** Only a file that could name one is parsed. */
async function layerWithImages(path: string): Promise<ValuesLayer | undefined> {
  const text = await readFile(path, "utf8");
  return text.includes(SCHEME) ? readValuesFile(text, path) : undefined;
}

function problemsIn(profiles: ProfilesFile | undefined, images: readonly string[]): Problem[] {
  if (!profiles) return [];
  return placeholderProblems(profiles.profiles, images, (path) => {
    const { file, line, column } = profiles.problem(path, { code: "", message: "", remedy: "" });
    return {
      ...(file === undefined ? {} : { file }),
      ...(line === undefined ? {} : { line }),
      ...(column === undefined ? {} : { column }),
    };
  });
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory() && !/^[._]/.test(entry.name)).map(({ name }) => name);
}
