import pLimit from "p-limit";
import { type ProofSubject, type ProvenCourse, proofSubjects } from "../proof-subjects.ts";

/** Courses that are read at a time. */
const READING = 8;

/**
 * The notebooks of courses on the image of a hub, each once: an image runs them by its own kernels.
 * @param entry `<cluster>/<entry of images.yaml>`
 * @throws {LecternError} where a lecture.yaml is wrong
 */
export async function hubSubjects(
  courses: readonly ProvenCourse[],
  entry: string,
  image: string,
): Promise<ProofSubject[]> {
  const limit = pLimit(READING);
  // What a kernel in another language can't do is found out in the container.
  const on = () => ({ image, language: "python", byItself: true });
  const all = await Promise.all(courses.map((course) => limit(() => proofSubjects(course, on))));
  const named = all.flat().map((subject) => ({ ...subject, kernel: entry }));
  return [...new Map(named.map((one) => [`${one.course} ${one.notebook}`, one])).values()];
}
