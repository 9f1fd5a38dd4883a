import type { NamedStack } from "./catalog-facts.ts";
import type { DeploymentPlan, Environment, Jobs, PlannedStack } from "./deployment-plan.ts";

/** The stacks that deploy something of a plan, and which of their parts change. */
export function stacksToRun(jobs: Jobs, stacks: readonly NamedStack[]): DeploymentPlan["stacks"] {
  const of = (environment: Environment): PlannedStack[] => {
    const changed = partsOf(jobs, environment);
    return stacks
      .filter((one) => one.environment === environment)
      .map(({ stack, parts }) => ({
        stack,
        parts: changed.filter((part) => parts === undefined || parts.includes(part)),
      }))
      .filter(({ parts }) => parts.length > 0);
  };
  return { staging: of("staging"), prod: of("prod") };
}

/** The parts of the catalog that jobs change in an environment. */
function partsOf(jobs: Jobs, environment: Environment): string[] {
  const hubs = environment === "staging" ? [...jobs.support, ...jobs.staging] : jobs.prod;
  // An image that is built is a part of the clusters whose hubs use it.
  const offered = jobs.images.flatMap(({ name }) => (name.startsWith("clusters/") ? [name] : []));
  return [
    ...(jobs.articles.length > 0 ? ["articles"] : []),
    ...(jobs.kernels.length > 0 ? ["kernels"] : []),
    ...new Set([...hubs.map(({ cluster }) => `clusters/${cluster}`), ...offered].sort()),
  ];
}
