import { createHash } from "node:crypto";

/** The ID of a kernel that is started for a purpose: the same each time, so that the next run ends what a killed one has left. */
export function kernelId(purpose: string): string {
  const hex = createHash("sha256").update(purpose).digest("hex");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}
