import { didYouMean } from "../../components/problem/nearest.ts";
import { LecternError, type Problem } from "../../components/problem/problem.ts";
import type { Environment } from "../../stacks/shards/stack-name.ts";
import type { ListedStack } from "../stacks/list.ts";
import type { Waves } from "./waves.ts";

/** Stacks that run side by side. */
export interface Phase {
  readonly environment: Environment;
  /** Which wave of production it is, from 1, and of how many; only where there are several. */
  readonly wave?: { readonly number: number; readonly of: number };
  readonly stacks: readonly string[];
}

export interface ScheduleOptions {
  /** @default both */
  readonly environment?: Environment;
  /** The one cluster whose stacks run. */
  readonly only?: string;
}

/**
 * In which order stacks are deployed: all of staging, then production wave by wave. A stack without clusters
 * belongs to the first wave.
 * @throws {LecternError} where nothing is left to deploy, or one stack deploys clusters of several waves
 */
export function schedule(
  stacks: readonly ListedStack[],
  waves: Waves | undefined,
  { environment, only }: ScheduleOptions = {},
): Phase[] {
  const chosen = stacks.filter(
    (stack) =>
      stack.deploys.length > 0 &&
      (environment === undefined || stack.environment === environment) &&
      (only === undefined || stack.deploys.includes(`clusters/${only}`)),
  );
  if (chosen.length === 0) throw new LecternError(nothingToDeploy(stacks, only));
  const staging = chosen.filter((stack) => stack.environment === "staging").map(({ stack }) => stack);
  const prod = chosen.filter((stack) => stack.environment === "prod");
  return [
    ...(staging.length > 0 ? [{ environment: "staging" as const, stacks: staging }] : []),
    ...prodPhases(prod, waves),
  ];
}

function prodPhases(stacks: readonly ListedStack[], waves: Waves | undefined): Phase[] {
  if (stacks.length === 0) return [];
  if (!waves) return [{ environment: "prod", stacks: stacks.map(({ stack }) => stack) }];
  const placed = stacks.map((stack) => ({ stack, at: wavesOf(stack, waves) }));
  const spread = placed.filter(({ at }) => at.length > 1);
  if (spread.length > 0) throw new LecternError(spread.map(({ stack }) => inSeveralWaves(stack)));
  const byWave = waves
    .map((_, index) => placed.filter(({ at: [only = 0] }) => only === index).map(({ stack }) => stack.stack))
    .filter((names) => names.length > 0);
  return byWave.map((names, index) => ({
    environment: "prod",
    ...(byWave.length > 1 ? { wave: { number: index + 1, of: byWave.length } } : {}),
    stacks: names,
  }));
}

const clustersOf = ({ deploys }: ListedStack) => deploys.flatMap((part) => part.split("clusters/")[1] ?? []);

function wavesOf(stack: ListedStack, waves: Waves): number[] {
  const at = clustersOf(stack).map((cluster) => waves.findIndex((wave) => wave.includes(cluster)));
  return [...new Set(at)];
}

function inSeveralWaves(stack: ListedStack): Problem {
  const [first = "CLUSTER"] = clustersOf(stack);
  return {
    code: "several-waves",
    severity: "error",
    file: stack.file,
    path: "lectern:scope",
    message: `the stack ${stack.stack} deploys clusters of several waves: ${clustersOf(stack).join(", ")}`,
    remedy: `A stack is deployed as a whole: give each cluster its own, such as with \`lectern stacks split ${first}\`, or put them into one wave`,
  };
}

function nothingToDeploy(stacks: readonly ListedStack[], only: string | undefined): Problem {
  const clusters = [...new Set(stacks.flatMap(clustersOf))];
  return {
    code: "nothing-to-deploy",
    severity: "error",
    message:
      only === undefined
        ? "there is no stack to deploy"
        : `no stack deploys a cluster ${JSON.stringify(only)}`,
    remedy:
      only === undefined
        ? "`lectern stacks` shows which stacks there are"
        : didYouMean(only, clusters, "`lectern stacks` shows which stacks there are"),
  };
}
