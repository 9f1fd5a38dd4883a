import { posix } from "node:path";

/** What `statvfs` says of a file system: blocks that are free, and flags. */
export interface FileSystem {
  readonly f_bavail: number;
  readonly f_flag: number;
}
/** The flag of a file system that is mounted read-only. */
const READ_ONLY = 1;

/** There was no room for what should be written. */
export class DiskFull extends Error {}

/** Nothing can be written where something should be. */
export class ReadOnly extends Error {}

/**
 * What of a file system explains a failure that SFTP has no status for; undefined where nothing does, or the server
 * can't report it.
 * @param path what could not be written; the nearest folder of it that exists is asked about
 */
export async function fileSystemFault(
  path: string,
  statvfs: (folder: string) => Promise<FileSystem>,
): Promise<DiskFull | ReadOnly | undefined> {
  for (let folder = posix.dirname(path); ; folder = posix.dirname(folder)) {
    const found = await statvfs(folder).catch(() => undefined);
    if (found && (Number(found.f_flag) & READ_ONLY) !== 0) return new ReadOnly();
    if (found && Number(found.f_bavail) === 0) return new DiskFull();
    if (found || folder === "/") return undefined;
  }
}
