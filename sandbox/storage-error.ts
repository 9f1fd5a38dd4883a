import { LecternError } from "../components/problem/problem.ts";

/** What a person can do something about, by the code of the system's error. */
const CAUSES: Readonly<Record<string, readonly [cause: string, remedy: string]>> = {
  ENOSPC: ["the disk is full", "Free some space, and run the command again"],
  EDQUOT: ["the disk quota is used up", "Free some space, and run the command again"],
  EROFS: ["the file system is read-only", "Use a folder that can be written, with --state"],
  EACCES: ["permission denied", "Use a folder that can be written, with --state"],
  EPERM: ["permission denied", "Use a folder that can be written, with --state"],
  ENOTDIR: ["a part of the path is a file", "Use another folder, with --state"],
  EEXIST: ["there is a file of this name", "Use another folder, with --state"],
};

/**
 * A failure to write, as an error for people.
 * @param path what was written, where the system's error names none
 * @returns the error itself where it is something else
 */
export function storageError(error: unknown, path: string): unknown {
  const { code = "", path: named } = error as NodeJS.ErrnoException;
  const known = error instanceof Error ? CAUSES[code] : undefined;
  if (!known) return error;
  const [cause, remedy] = known;
  return new LecternError({
    code: "not-writable",
    severity: "error",
    file: named ?? path,
    message: `it can't be written: ${cause}`,
    remedy,
  });
}
