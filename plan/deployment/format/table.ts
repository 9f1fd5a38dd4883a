import { printable } from "../../printable.ts";
import type { DeploymentPlan } from "../deployment-plan.ts";
import { sectionsOf, whyNothing } from "./sections.ts";

/** A plan for a terminal: a line per job. */
export function planTable(plan: DeploymentPlan): string {
  const sections = sectionsOf(plan);
  const rows = sections.flatMap((section) => section.rows);
  const width = Math.max(0, ...rows.map(({ what }) => printable(what).length));
  const lines = sections.flatMap(({ title, rows }) => [
    title,
    ...rows.map(({ what, why }) => `  ${printable(what).padEnd(width)}  ${why.map(printable).join("; ")}`),
    "",
  ]);
  const none = rows.length === 0 ? [`Nothing to deploy: ${printable(whyNothing(plan))}.`, ""] : [];
  return [...none, ...lines, ...heldLines(plan), ...untrackedLines(plan)].join("\n");
}

function heldLines({ held = [] }: DeploymentPlan): string[] {
  if (held.length === 0) return [];
  return ["Held", ...held.map(({ cluster, hub, reason }) => printable(`  ${cluster}/${hub}  ${reason}`)), ""];
}

function untrackedLines({ untracked }: DeploymentPlan): string[] {
  if (untracked.length === 0) return [];
  return ["No input of anything", ...untracked.map((path) => `  ${printable(path)}`), ""];
}
