import pLimit from "p-limit";
import { type ProofSubject, type ProvenCourse, proofSubjects } from "./proof-subjects.ts";

/** The notebooks that a kernel runs, of courses of the catalog. */
export interface KernelNotebooks {
  readonly displayName: string;
  readonly language: string;
  readonly courses: readonly ProvenCourse[];
}

/** Courses that are read at a time. */
const READING = 8;

/** What there is to prove of a kernel on an image. @throws {LecternError} where a lecture.yaml is wrong */
export async function kernelSubjects(
  { displayName, language, courses }: KernelNotebooks,
  image: string,
): Promise<ProofSubject[]> {
  const limit = pLimit(READING);
  const on = (kernel: string) => (kernel === displayName ? { image, language } : undefined);
  const subjects = await Promise.all(courses.map((course) => limit(() => proofSubjects(course, on))));
  return subjects.flat();
}
