import { join } from "node:path";
import { z } from "zod";
import { textOf } from "../../components/cluster/cluster-files.ts";
import { didYouMean } from "../../components/problem/nearest.ts";
import { LecternError, type Problem } from "../../components/problem/problem.ts";
import { parseYaml } from "../../components/problem/yaml-file.ts";
import { zodProblems } from "../../components/problem/zod.ts";

const names = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);

/** `waves.yaml` in the catalog: in which order production reaches clusters. */
const wavesFile = z.strictObject({
  labels: z
    .record(z.string(), z.array(z.string().min(1)))
    .default({})
    .describe("Names for groups of clusters, such as `pilot: [campus]`"),
  waves: z
    .array(names)
    .min(1)
    .describe("One entry per wave: a cluster or a label, or a list of them. Other clusters come last"),
});

/** The clusters of each wave, first wave first. */
export type Waves = readonly (readonly string[])[];

/**
 * Reads the catalog's waves.yaml. Clusters that it does not name are a last wave.
 * @param clusters those of the catalog
 * @returns undefined where there is no such file: production then has one wave
 * @throws {LecternError} with every name that is unknown or in two waves
 */
export async function readWaves(catalog: string, clusters: readonly string[]): Promise<Waves | undefined> {
  const file = join(catalog, "waves.yaml");
  const text = await textOf(file);
  return text === undefined ? undefined : parseWaves(text, file, clusters);
}

/** The same of the file's text. */
export function parseWaves(text: string, file: string, clusters: readonly string[]): Waves {
  const { value, problems, locate } = parseYaml(text, file);
  if (problems.length > 0) throw new LecternError(problems);
  const at = (path: readonly PropertyKey[]) => ({ file, path: fieldOf(path), ...locate(path) });
  const parsed = wavesFile.safeParse(value);
  if (!parsed.success) {
    throw new LecternError(zodProblems(parsed.error, { path: fieldOf }).map((one) => ({ ...one, file })));
  }
  const { labels, waves } = parsed.data;
  const lists = waves.map((wave) => (typeof wave === "string" ? [wave] : wave));
  const known = [...new Set([...clusters, ...Object.keys(labels)])];
  const wrong = [
    ...Object.entries(labels).flatMap(([label, members]) => [
      ...(clusters.includes(label) ? [ambiguous(label, at(["labels", label]))] : []),
      ...unknownNames(members, clusters, (index) => at(["labels", label, index])),
    ]),
    ...lists.flatMap((wave, index) =>
      unknownNames(wave, known, (place) =>
        at(typeof waves[index] === "string" ? ["waves", index] : ["waves", index, place]),
      ),
    ),
  ];
  const found = lists.map((wave) => [...new Set(wave.flatMap((name) => labels[name] ?? [name]))]);
  const repeated = found.flatMap((wave, index) =>
    wave.filter((name) => found.slice(0, index).some((earlier) => earlier.includes(name))),
  );
  wrong.push(...repeated.map((name) => inTwoWaves(name, at(["waves"]))));
  if (wrong.length > 0) throw new LecternError(wrong);
  const rest = clusters.filter((name) => !found.some((wave) => wave.includes(name)));
  return rest.length > 0 ? [...found, rest] : found;
}

type Place = Pick<Problem, "file" | "path" | "line" | "column">;

const fieldOf = (path: readonly PropertyKey[]) =>
  path.reduce<string>(
    (text, part) => (typeof part === "number" ? `${text}[${part}]` : `${text}${text && "."}${String(part)}`),
    "",
  );

function unknownNames(
  names: readonly string[],
  known: readonly string[],
  at: (index: number) => Place,
): Problem[] {
  return names.flatMap((name, index) =>
    known.includes(name)
      ? []
      : [
          {
            code: "unknown-cluster",
            severity: "error",
            ...at(index),
            message: `the catalog has no cluster ${JSON.stringify(name)}`,
            remedy: didYouMean(name, known, "Name a folder of clusters/, or a label of this file"),
          },
        ],
  );
}

const ambiguous = (label: string, place: Place): Problem => ({
  code: "ambiguous-label",
  severity: "error",
  ...place,
  message: `${JSON.stringify(label)} is the name of a cluster, too`,
  remedy: "Give the label another name",
});

const inTwoWaves = (name: string, place: Place): Problem => ({
  code: "repeated-cluster",
  severity: "error",
  ...place,
  message: `the cluster ${name} is in two waves`,
  remedy: "Leave it in one of them",
});
