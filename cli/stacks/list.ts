import { join } from "node:path";
import type { Problem } from "../../components/problem/problem.ts";
import { articlesIn, type Catalog, discoverCatalog } from "../../stacks/catalog.ts";
import {
  claimedTwice,
  claimsIn,
  describePart,
  type Part,
  partsIn,
  partsOf,
} from "../../stacks/shards/claims.ts";
import { readStackFiles, type StackFileScope } from "../../stacks/shards/stack-files.ts";
import { ENVIRONMENTS, type Environment, stagingOf } from "../../stacks/shards/stack-name.ts";

/** A stack that a project's files ask for. */
export interface ListedStack {
  readonly stack: string;
  readonly environment: Environment;
  readonly file: string;
  /** The parts of the catalog that it deploys, such as `articles` or `clusters/campus`. */
  readonly deploys: readonly Part[];
  /** Production only: the stack that proves what this one gets. */
  readonly provenBy?: string;
}

/** The stacks of a project, and how they share the catalog. */
export interface Listing {
  readonly stacks: readonly ListedStack[];
  /** How many articles and kernels the catalog has. */
  readonly counts: Readonly<Record<"articles" | "kernels", number>>;
  /** Parts that no stack of an environment deploys. */
  readonly nobody: readonly { readonly environment: Environment; readonly part: Part }[];
  readonly problems: readonly Problem[];
}

/**
 * Lists the stacks that the files `Pulumi.*.yaml` of a project ask for.
 * @throws {LecternError} where a file can't be parsed, or there is no catalog
 */
export async function listStacks(root: string, catalog = "catalog"): Promise<Listing> {
  const found = await discoverCatalog(join(root, catalog));
  return listingOf(found, readStackFiles(root));
}

/** The same of what is read already. */
export function listingOf(catalog: Catalog, files: readonly StackFileScope[]): Listing {
  const names = catalog.clusters.map(({ name }) => name);
  const all = partsOf(names);
  const wanted = all.filter((part) => partCount(part, catalog) > 0);
  const stacks = files.map((file) => listed(file, wanted));
  const claims = ENVIRONMENTS.map(
    (environment) => [environment, claimsIn(environment, files, wanted)] as const,
  );
  return {
    stacks,
    counts: { articles: articlesIn(catalog).length, kernels: catalog.kernels.length },
    nobody: claims.flatMap(([environment, parts]) =>
      [...parts].flatMap(([part, by]) => (by.length === 0 ? [{ environment, part }] : [])),
    ),
    problems: [
      ...files.flatMap((file) => unknownParts(file, all)),
      ...claims.flatMap(([, parts]) => claimedTwice(parts)),
      ...stacks.flatMap((stack) => unproven(stack, stacks)),
    ],
  };
}

function partCount(part: Part, catalog: Catalog): number {
  if (part === "articles") return articlesIn(catalog).length;
  return part === "kernels" ? catalog.kernels.length : 1;
}

function listed({ stack, environment, file, scope, stagingStack }: StackFileScope, wanted: readonly Part[]) {
  const claimed = partsIn(scope, wanted);
  const deploys = wanted.filter((part) => claimed.includes(part));
  const proof = environment === "prod" ? { provenBy: stagingStack ?? stagingOf(stack) } : {};
  return { stack, environment, file, deploys, ...proof };
}

function unknownParts({ file, scope }: StackFileScope, all: readonly Part[]): Problem[] {
  return partsIn(scope, all)
    .filter((part) => !all.includes(part))
    .map((part) => ({
      code: "unknown-cluster",
      severity: "error",
      file,
      path: "lectern:scope.clusters",
      message: `the catalog does not have ${describePart(part)}`,
      remedy: "Name a folder of the catalog's clusters/, or remove it from the scope",
    }));
}

/** What a production stack deploys and the stack that proves it does not: it would be held for ever. */
function unproven({ provenBy, deploys, file }: ListedStack, stacks: readonly ListedStack[]): Problem[] {
  // A stack of another project has no file here.
  if (provenBy === undefined || provenBy.includes("/")) return [];
  const staging = stacks.find(({ stack }) => stack === provenBy);
  const missing = deploys.filter((part) => !staging?.deploys.includes(part));
  if (missing.length === 0) return [];
  const lack = staging ? "does not deploy" : "has no file and does not deploy";
  const others = stacks.filter(({ stack, environment }) => environment === "staging" && stack !== provenBy);
  const better = others.find((other) => missing.every((part) => other.deploys.includes(part)));
  return [
    {
      code: "unproven-part",
      severity: "error",
      file,
      path: "lectern:stagingStack",
      message: `${provenBy}, which proves what this stack gets, ${lack} ${missing.map(describePart).join(", ")}, so that is held`,
      remedy: better
        ? `Set lectern:stagingStack to ${better.stack}, which does`
        : `Deploy the same parts from ${provenBy}`,
    },
  ];
}
