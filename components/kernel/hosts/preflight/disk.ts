import type { Transport } from "../transport/transport.ts";

/** What is free where a path is. */
interface DiskSpace {
  /** Bytes that a user who is not root may still write. */
  readonly free: number;
  /** Where its file system is mounted: the same for paths on one. */
  readonly mount: string;
}

/**
 * The free space of file systems, in the order of the paths; undefined where the host's `df` doesn't answer as POSIX
 * has it.
 */
export async function freeSpaceOf(
  host: Transport,
  paths: readonly string[],
): Promise<readonly (DiskSpace | undefined)[]> {
  const { code, stdout } = await host.run(["df", "-Pk", "--", ...paths]);
  const rows = stdout.trim().split("\n").slice(1);
  if (code !== 0 || rows.length !== paths.length) return paths.map(() => undefined);
  return rows.map((row) => {
    const [, free, mount] = /\s(\d+)\s+\d+%\s+(\S.*)$/.exec(row) ?? [];
    return free === undefined || mount === undefined ? undefined : { free: Number(free) * 1024, mount };
  });
}
