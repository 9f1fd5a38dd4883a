import { inert } from "../../comment/text/inert.ts";
import type { DeploymentPlan } from "../deployment-plan.ts";
import { sectionsOf, whyNothing } from "./sections.ts";

/** A plan as Markdown: a table per kind of job. */
export function planMarkdown(plan: DeploymentPlan): string {
  const sections = sectionsOf(plan);
  const lines = sections.flatMap(({ title, noun, rows }) => [
    `### ${title}`,
    "",
    `| ${noun} | Why |`,
    "| --- | --- |",
    ...rows.map(({ what, why }) => `| ${inert(what)} | ${why.map(inert).join("<br>")} |`),
    "",
  ]);
  const none =
    sections.length === 0 ? ["### Nothing to deploy", "", `Why: ${inert(whyNothing(plan))}.`, ""] : [];
  return [...none, ...lines, ...heldLines(plan), ...untrackedLines(plan)].join("\n");
}

function heldLines({ held = [] }: DeploymentPlan): string[] {
  if (held.length === 0) return [];
  const rows = held.map(({ cluster, hub, reason }) => `| ${inert(`${cluster}/${hub}`)} | ${inert(reason)} |`);
  return ["### Held", "", "| Hub | Why |", "| --- | --- |", ...rows, ""];
}

/** A long list is folded. */
function untrackedLines({ untracked }: DeploymentPlan): string[] {
  if (untracked.length === 0) return [];
  const count = untracked.length === 1 ? "1 changed file is" : `${untracked.length} changed files are`;
  const items = untracked.map((path) => `- ${inert(path)}`);
  return [
    "<details>",
    `<summary>${count} no input of anything</summary>`,
    "",
    ...items,
    "",
    "</details>",
    "",
  ];
}
