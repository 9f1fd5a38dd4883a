import { didYouMean } from "../../components/problem/nearest.ts";
import type { Problem } from "../../components/problem/problem.ts";

/**
 * What is wrong with the names below `lectern:kernels`: a decision on an unknown kernel
 * would have no effect, and no warning. One that lets a kernel go is left alone: a refused removal
 * leaves the kernel in the state, but in neither the catalog nor the last outputs.
 * @param known the kernels of the catalog, and those that the stack has deployed before
 */
export function unknownDecisions(
  decisions: Readonly<Record<string, { readonly remove: boolean }>>,
  known: ReadonlySet<string>,
): Problem[] {
  return Object.keys(decisions)
    .filter((name) => !known.has(name) && !decisions[name]?.remove)
    .map((name) => ({
      code: "unknown-kernel",
      severity: "error",
      path: `lectern:kernels.${name}`,
      message: `there is no kernel ${JSON.stringify(name)}, in the catalog or in this stack`,
      remedy: didYouMean(name, known, "Remove the entry, or name a folder of the catalog's kernels/"),
    }));
}
