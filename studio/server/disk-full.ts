import type { Problem } from "../../components/problem/problem.ts";

export const DISK_FULL: Problem = {
  code: "disk-full",
  severity: "error",
  message: "there is no space left on the server's disk",
  remedy: "Free some, and propose again: the changes are still in this browser",
};

/** Whether a file could not be written as its disk, or its owner's share of it, is full. */
export const isDiskFull = (error: unknown): boolean =>
  error instanceof Error && "code" in error && (error.code === "ENOSPC" || error.code === "EDQUOT");
