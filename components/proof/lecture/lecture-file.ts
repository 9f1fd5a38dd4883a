import { readFile } from "node:fs/promises";
import { join, posix } from "node:path";
import { didYouMean } from "../../problem/nearest.ts";
import { LecternError, type Problem } from "../../problem/problem.ts";
import { parseYaml, type YamlFile } from "../../problem/yaml-file.ts";
import { zodProblems } from "../../problem/zod.ts";
import { type CourseNotebook, courseNotebooks } from "./course-notebooks.ts";
import { DATA_LIMIT, type DataFile, eachOnce, filesMatching } from "./data-files.ts";
import { knownLectureKeys, type LectureFile, lectureFileSchema } from "./lecture-schema.ts";

/** The file beside course.json that says how a course's notebooks are proven. */
export const LECTURE_FILE = "lecture.yaml";

/** How the notebooks of a course are proven. */
export interface Lecture {
  /** Whether the course has a lecture.yaml; without one, everything is as its defaults say. */
  readonly declared: boolean;
  readonly settings: LectureFile;
  /** Those that are proven, each once per kernel. */
  readonly notebooks: readonly CourseNotebook[];
  readonly files: readonly DataFile[];
}

/** A course's lecture as far as it can be read. */
export interface LectureReading {
  /** Absent where an error forbids it. */
  readonly lecture?: Lecture;
  /** Their file is relative to the course's folder. */
  readonly problems: readonly Problem[];
}

/** The images of hubs that a lecture.yaml can name. */
export interface KnownHubs {
  /** `<cluster>/<entry of images.yaml>` */
  readonly entries: readonly string[];
  /** Clusters whose entries are not known. */
  readonly elsewhere: readonly string[];
}

/**
 * Reads a course's lecture.yaml, and checks it against the course: every problem at once, with its place.
 * @param known where it is given, the images of hubs that there are
 */
export async function readLecture(folder: string, known?: KnownHubs): Promise<LectureReading> {
  const read = await textOf(join(folder, LECTURE_FILE));
  if (typeof read === "object") return { problems: [read] };
  const declared = read !== undefined;
  const yaml = parseYaml(read ?? "", LECTURE_FILE);
  if (yaml.problems.length > 0) return { problems: yaml.problems };
  const parsed = lectureFileSchema.safeParse(yaml.value ?? {});
  if (!parsed.success) {
    const where = { file: LECTURE_FILE, locate: yaml.locate, known: knownLectureKeys };
    return { problems: zodProblems(parsed.error, where) };
  }
  const settings = parsed.data;
  const all = await courseNotebooks(folder);
  const matching = await filesMatching(folder, settings.files);
  const problems = [
    ...unmatched(settings, all, yaml),
    ...unknownNotebooks(settings, all, yaml),
    ...fileProblems(settings, matching, yaml),
    ...(known ? unknownHubs(settings, known, yaml) : []),
  ];
  if (problems.length > 0) return { problems };
  const { notebooks: globs } = settings;
  const isProven = ({ path }: CourseNotebook) => globs?.some((glob) => matches(path, glob)) ?? true;
  const files = eachOnce(matching);
  return { lecture: { declared, settings, notebooks: all.filter(isProven), files }, problems };
}

/** @param name how the folder is named to people. @throws {LecternError} with everything that is wrong with it */
export async function lectureOf(folder: string, name = folder, known?: KnownHubs): Promise<Lecture> {
  const { lecture, problems } = await readLecture(folder, known);
  if (lecture) return lecture;
  throw new LecternError(problems.map((problem) => ({ ...problem, file: join(name, problem.file ?? "") })));
}

/** Undefined where there is no such file. */
async function textOf(path: string): Promise<string | Problem | undefined> {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await readFile(path));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "it is not UTF-8 text";
    if (code === "ENOENT") return undefined;
    return {
      code: "unreadable-file",
      severity: "error",
      file: LECTURE_FILE,
      message: `the file can't be read (${code})`,
      remedy: "Save it as a text file in UTF-8 that you may read",
    };
  }
}

const matches = (path: string, glob: string) => posix.matchesGlob(path, posix.normalize(glob));

type Found = Pick<Problem, "code" | "message" | "remedy">;

const problemAt = (
  path: readonly (string | number)[],
  text: string,
  yaml: YamlFile,
  found: Found,
): Problem => ({
  ...found,
  severity: "error",
  file: LECTURE_FILE,
  path: text,
  ...yaml.locate(path),
});

function unmatched(
  { notebooks = [] }: LectureFile,
  all: readonly CourseNotebook[],
  yaml: YamlFile,
): Problem[] {
  const paths = all.map(({ path }) => path);
  return notebooks.flatMap((glob, index) =>
    paths.some((path) => matches(path, glob))
      ? []
      : problemAt(["notebooks", index], `notebooks[${index}]`, yaml, {
          code: "unmatched-notebooks",
          message: `${JSON.stringify(glob)} is no notebook for which course.json names a kernel`,
          remedy: didYouMean(glob, paths, listed(paths)),
        }),
  );
}

function unknownNotebooks(
  { errors }: LectureFile,
  all: readonly CourseNotebook[],
  yaml: YamlFile,
): Problem[] {
  const paths = all.map(({ path }) => path);
  return Object.keys(errors).flatMap((path) =>
    paths.includes(path)
      ? []
      : problemAt(["errors", path], `errors[${JSON.stringify(path)}]`, yaml, {
          code: "unmatched-notebooks",
          message: `${JSON.stringify(path)} is no notebook for which course.json names a kernel`,
          remedy: didYouMean(path, paths, listed(paths)),
        }),
  );
}

const listed = (paths: readonly string[]) =>
  paths.length === 0
    ? "Give a chapter of course.json a kernelId, or remove this"
    : `It has ${[...new Set(paths)].join(", ")}`;

function unknownHubs({ hubs }: LectureFile, { entries, elsewhere }: KnownHubs, yaml: YamlFile): Problem[] {
  return hubs.flatMap((entry, index) =>
    entries.includes(entry) || elsewhere.includes(entry.slice(0, entry.indexOf("/")))
      ? []
      : problemAt(["hubs", index], `hubs[${index}]`, yaml, {
          code: "unknown-hub-image",
          message: `no images.yaml of the catalog's clusters has the entry ${JSON.stringify(entry)}`,
          remedy: didYouMean(
            entry,
            entries,
            entries.length === 0
              ? "Declare it in clusters/<cluster>/images.yaml, or remove it"
              : `There are ${entries.join(", ")}`,
          ),
        }),
  );
}

function fileProblems({ files }: LectureFile, matching: readonly DataFile[][], yaml: YamlFile): Problem[] {
  const missing = files.flatMap((glob, index) =>
    (matching[index] ?? []).length > 0
      ? []
      : problemAt(["files", index], `files[${index}]`, yaml, {
          code: "missing-file",
          message: `${JSON.stringify(glob)} is no file of the course`,
          remedy: "Add the file, or correct the path, which starts at the folder of course.json",
        }),
  );
  const size = eachOnce(matching).reduce((sum, file) => sum + file.size, 0);
  if (size <= DATA_LIMIT) return missing;
  const mebibytes = (bytes: number) => `${Math.ceil(bytes / 2 ** 20)} MiB`;
  const tooLarge = problemAt(["files"], "files", yaml, {
    code: "files-too-large",
    message: `the files have ${mebibytes(size)} together, and at most ${mebibytes(DATA_LIMIT)} are put into a kernel`,
    remedy: "Name fewer files, or have the image bring large ones",
  });
  return [...missing, tooLarge];
}
