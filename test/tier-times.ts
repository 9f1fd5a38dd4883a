import { relative, sep } from "node:path";
import type { Reporter, TestModule } from "vitest/node";

/** Says how much of a run each tier took: a project of vitest's, else a folder. */
export default class TierTimes implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const seconds = new Map<string, number>();
    for (const module of modules) {
      const { duration, collectDuration, setupDuration, prepareDuration } = module.diagnostic();
      const took = (duration + collectDuration + setupDuration + prepareDuration) / 1000;
      const tier = tierOf(module);
      seconds.set(tier, (seconds.get(tier) ?? 0) + took);
    }
    const slowest = [...seconds].sort(([, a], [, b]) => b - a);
    const times = slowest.map(([tier, took]) => `${tier} ${Math.round(took)} s`);
    process.stdout.write(`\nTime by tier, added up over the workers: ${times.join(", ")}\n`);
  }
}

function tierOf({ project, moduleId }: TestModule): string {
  if (project.name) return project.name;
  const [first = "", second = ""] = relative(project.config.root, moduleId).split(sep);
  return first === "test" ? `${first}/${second}` : first;
}
