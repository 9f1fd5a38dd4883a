import { LecternError } from "../../components/problem/problem.ts";
import type { Catalog } from "../catalog.ts";
import { claimedTwice, claimsIn, partsOf } from "./claims.ts";
import { readStackFiles } from "./stack-files.ts";
import { environmentOf } from "./stack-name.ts";

/**
 * Refuses to deploy what the file of another stack of this environment claims, too.
 * @param folder the project's; the engine starts a program in it
 * @throws {LecternError} with every part that would be deployed twice
 */
export function refuseTwice(stack: string, catalog: Catalog, folder = "."): void {
  const environment = environmentOf(stack);
  const stacks = readStackFiles(folder, [environment]);
  if (stacks.length < 2) return;
  const claims = claimsIn(environment, stacks, partsOf(catalog.clusters.map(({ name }) => name)));
  const own = new Map([...claims].filter(([, claiming]) => claiming.includes(stack)));
  const problems = claimedTwice(own);
  if (problems.length > 0) throw new LecternError(problems);
}
