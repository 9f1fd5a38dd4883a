import type { DeploymentPlan, HubJob } from "../deployment/deployment-plan.ts";

/** Something that the planner would deploy, by the ID that decisions and holds have. */
export interface PlannedJob {
  readonly id: string;
  readonly where: "staging" | "production" | "both";
  readonly reasons: readonly string[];
}

/** Every job of a plan, in the order in which people read them. */
export function jobsOf({ articles, kernels, images, support, staging, prod }: DeploymentPlan): PlannedJob[] {
  const both = (id: string, { reasons }: { reasons: readonly string[] }): PlannedJob => ({
    id,
    where: "both",
    reasons,
  });
  return [
    ...articles.map((one) => both(`${one.type}/${one.slug}`, one)),
    ...kernels.map((one) => both(`kernel/${one.name}`, one)),
    ...images.map((one) => both(`images ${one.name}`, one)),
    ...support.map(({ cluster, reasons }) => ({
      id: `support/${cluster}`,
      where: "staging" as const,
      reasons,
    })),
    ...staging.map((one) => ({ ...hubJobOf(one), where: "staging" as const })),
    ...prod.map((one) => ({ ...hubJobOf(one), where: "production" as const })),
  ];
}

const hubJobOf = ({ cluster, hub, reasons }: HubJob) => ({
  id: `hub/${cluster}/${hub}`,
  reasons,
});
