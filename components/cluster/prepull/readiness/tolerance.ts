import type { PrepullReport } from "./prepull-report.ts";

/** A number of nodes, or a share of them such as `5%`. */
export type Tolerance = number | string;

/** Whether so many of all nodes may lack images; a share is rounded down, so that of few nodes none may. */
export function tolerates(tolerance: Tolerance = 0, lacking: number, nodes: number): boolean {
  if (lacking === 0) return true;
  const allowed = typeof tolerance === "number" ? tolerance : (Number.parseInt(tolerance, 10) / 100) * nodes;
  return lacking <= Math.floor(allowed);
}

/** Whether so few nodes of each DaemonSet lack images that a deployment may go on. */
export const isTolerable = ({ counts, absent }: PrepullReport, tolerance: Tolerance | undefined): boolean =>
  absent.length === 0 &&
  counts.every(({ isSettled, lacking, nodes }) => isSettled && tolerates(tolerance, lacking, nodes));
