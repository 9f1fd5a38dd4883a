import type { DeployedMap, MapDeployment } from "./map-file.ts";

/** A deployment, and which stack it was. */
export interface StackDeployment {
  readonly stack: string;
  readonly deployment: MapDeployment;
  /** Everything that a text is looked for in, in lower case. */
  readonly words: string;
}

/** The deployments of all stacks, newest first. */
export function deploymentsOf({ stacks }: DeployedMap): StackDeployment[] {
  return stacks
    .flatMap(({ stack, history }) =>
      history.map((deployment) => ({ stack, deployment, words: wordsOf(stack, deployment) })),
    )
    .sort((a, b) => compare(b.deployment.at, a.deployment.at) || compare(a.stack, b.stack));
}

function wordsOf(stack: string, { kind, result, commit, changes, at }: MapDeployment): string {
  const changed = changes.flatMap(({ id, label, title, before, after }) => [id, label, title, before, after]);
  return [stack, at, kind, result, commit, ...changed]
    .filter((word) => word !== undefined)
    .join("\n")
    .toLowerCase();
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Those that a stack and words leave, in the same order. */
export function filterDeployments(
  all: readonly StackDeployment[],
  { stack, text }: { readonly stack?: string; readonly text?: string },
): StackDeployment[] {
  const words = (text ?? "")
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  return all.filter(
    (one) => (!stack || one.stack === stack) && words.every((word) => one.words.includes(word)),
  );
}
