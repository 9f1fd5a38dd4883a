import { readFile } from "node:fs/promises";
import { type Digest, digestOf } from "../digest.ts";
import { notebookCells } from "../jupyter/notebook-cells.ts";
import { bytesOf } from "../kernel/spec/file/memory.ts";
import { LecternError } from "../problem/problem.ts";
import type { CourseNotebook } from "./lecture/course-notebooks.ts";
import { digestsOf } from "./lecture/data-files.ts";
import { type Lecture, lectureOf } from "./lecture/lecture-file.ts";
import { comparisonOf } from "./lecture/lecture-schema.ts";
import { notebookDigest } from "./notebook-digest.ts";
import { proofKey } from "./proof-key.ts";
import type { NotebookJob } from "./run/run-notebook.ts";

/** A course of the catalog. */
export interface ProvenCourse {
  /** `course/bell-states` */
  readonly id: string;
  readonly folder: string;
}

/** Where the notebooks of a kernel are proven. */
export interface ProvenOn {
  /** `repository@sha256:…` */
  readonly image: string;
  readonly language: string;
  /** Whether the image itself runs them, with the kernel that each notebook names. @default a gateway's kernel does */
  readonly byItself?: boolean;
}

/** One notebook on one image. */
export interface ProofSubject {
  readonly key: string;
  /** The course's ID. */
  readonly course: string;
  /** From the course's folder. */
  readonly notebook: string;
  /** The kernel's display name. */
  readonly kernel: string;
  readonly image: string;
  /** Reads what is run. @throws {LecternError} where it is not what the key is of any more */
  job(): Promise<NotebookJob>;
}

/**
 * What there is to prove of a course, on the images that its kernels have.
 * @param on by a kernel's display name, for a notebook of the course's folder; undefined where it is not proven
 * @throws {LecternError} with everything that is wrong with its lecture.yaml
 */
export async function proofSubjects(
  { id, folder }: ProvenCourse,
  on: (kernel: string, notebook: string) => ProvenOn | undefined,
): Promise<ProofSubject[]> {
  const lecture = await lectureOf(folder);
  const data = await digestsOf(lecture.files);
  const subjects = lecture.notebooks.map(async (notebook) => {
    const where = on(notebook.kernel, notebook.path);
    return where && subjectOf(id, notebook, lecture, data, where);
  });
  return (await Promise.all(subjects)).filter((subject) => subject !== undefined);
}

async function subjectOf(
  course: string,
  { path, absolute, kernel }: CourseNotebook,
  lecture: Lecture,
  data: Readonly<Record<string, Digest>>,
  { image, language, byItself = false }: ProvenOn,
): Promise<ProofSubject> {
  const { settings } = lecture;
  const { notebooks: _, hubs: __, errors, ...same } = settings;
  const comparison = comparisonOf(settings);
  const keyOf = (bytes: Buffer, files: Readonly<Record<string, Digest>>) =>
    proofKey({
      notebook: notebookDigest(bytes, Object.keys(comparison).length > 0),
      image: digestIn(image),
      settings: {
        ...{ ...same, errors: errors[path] ?? [], files, path, language },
        ...(byItself ? { kernel: notebookCells(bytes.toString("utf8"))?.kernel ?? "" } : {}),
      },
    });
  const key = keyOf(await readFile(absolute), data);
  return {
    key,
    course,
    notebook: path,
    kernel,
    image,
    job: async () => {
      const bytes = await readFile(absolute);
      const files = await Promise.all(
        lecture.files.map(async (file) => ({ path: file.path, content: await readFile(file.absolute) })),
      );
      const now = Object.fromEntries(files.map((file) => [file.path, digestOf(file.content)]));
      if (keyOf(bytes, now) !== key) throw changed(course, path);
      return jobOf(path, bytes, files, lecture, language);
    },
  };
}

function jobOf(
  path: string,
  bytes: Buffer,
  files: NotebookJob["files"],
  { settings }: Lecture,
  language: string,
): NotebookJob {
  const notebook = notebookCells(bytes.toString("utf8")) ?? { kernel: undefined, cells: [] };
  const { timeout, cell_timeout: ofCell = timeout, memory, network, seed } = settings;
  return {
    path,
    notebook,
    language,
    files,
    mayFail: new Set(settings.errors[path]),
    timeout: timeout * 1000,
    cellTimeout: ofCell * 1000,
    memory: bytesOf(memory) ?? 0,
    network,
    seed,
    comparison: comparisonOf(settings),
  };
}

/** The digest of `repository@sha256:…`. */
function digestIn(image: string): Digest {
  const digest = image.slice(image.indexOf("@") + 1);
  // What a proof is of has to be known exactly.
  if (!/^sha256:[0-9a-f]{64}$/.test(digest)) throw new Error(`the image ${image} is not named by its digest`);
  return digest as Digest;
}

function changed(course: string, path: string): LecternError {
  return new LecternError({
    code: "notebook-changed",
    severity: "error",
    message: `the notebook ${path} of ${course}, or a file that it reads, has changed since the run began`,
    remedy: "Run it again, so that it takes the files as they are",
  });
}
