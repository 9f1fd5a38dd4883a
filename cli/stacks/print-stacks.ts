import { LecternError } from "../../components/problem/problem.ts";
import { listStacks } from "./list.ts";
import { textOfListing } from "./list-text.ts";

/**
 * `lectern stacks`: which stack deploys what.
 * @returns the exit code: 1 where two stacks deploy the same, or what one deploys can't be proven
 */
export async function printStacks(
  root: string,
  { catalog, json = false }: { readonly catalog: string; readonly json?: boolean },
): Promise<0 | 1> {
  try {
    const listing = await listStacks(root, catalog);
    process.stdout.write(json ? `${JSON.stringify(listing, null, 2)}\n` : textOfListing(listing));
    return listing.problems.length > 0 ? 1 : 0;
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}
