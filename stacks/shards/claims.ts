import type { Problem } from "../../components/problem/problem.ts";
import type { Scope } from "./scope.ts";
import { environmentOf } from "./stack-name.ts";

/** A stack and what its file says that it deploys; undefined is everything. */
export interface ScopedStack {
  readonly stack: string;
  readonly scope: Scope | undefined;
}

/** A part of a catalog that one stack of an environment deploys: `articles`, `kernels` or `clusters/campus`. */
export type Part = string;

/** The parts of a catalog with these clusters. */
export const partsOf = (clusters: readonly string[]): Part[] => [
  "articles",
  "kernels",
  ...clusters.map((name) => `clusters/${name}`),
];

/** The parts that a scope names, whether the catalog has them or not. */
export function partsIn(scope: Scope | undefined, all: readonly Part[]): readonly Part[] {
  if (!scope) return all;
  return [
    ...(scope.articles ? ["articles"] : []),
    ...(scope.kernels ? ["kernels"] : []),
    ...scope.clusters.map((name) => `clusters/${name}`),
  ];
}

/** Which stacks of an environment deploy each part; none for one that nobody does. */
export function claimsIn(
  environment: string,
  stacks: readonly ScopedStack[],
  all: readonly Part[],
): ReadonlyMap<Part, readonly string[]> {
  const own = stacks.filter(({ stack }) => environmentOf(stack) === environment);
  return new Map(
    all.map((part) => [
      part,
      own.filter(({ scope }) => partsIn(scope, all).includes(part)).map(({ stack }) => stack),
    ]),
  );
}

/** An error for each part that several stacks of an environment deploy, so that it would be there twice. */
export function claimedTwice(claims: ReadonlyMap<Part, readonly string[]>): Problem[] {
  return [...claims].flatMap(([part, stacks]): Problem[] => {
    const [first, ...others] = stacks;
    if (first === undefined || others.length === 0) return [];
    return [
      {
        code: "deployed-twice",
        severity: "error",
        path: "lectern:scope",
        message: `${describePart(part)} would be deployed by ${stacks.join(" and by ")}`,
        remedy: part.startsWith("clusters/")
          ? `Leave it to one of them: \`lectern stacks split ${part.slice("clusters/".length)}\` moves it out of ${first}`
          : "Leave it to one of them, and take it out of the lectern:scope of the others",
      },
    ];
  });
}

export const describePart = (part: Part) =>
  part.startsWith("clusters/") ? `the cluster ${part.slice("clusters/".length)}` : part;
