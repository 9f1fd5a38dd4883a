import { didYouMean } from "../problem/nearest.ts";
import type { Problem } from "../problem/problem.ts";
import type { ClusterFiles } from "./cluster-files.ts";

/**
 * A warning for each node group that delegates may use and `node-groups.json` does not have. It allows nothing, so nothing is
 * refused for it: the infrastructure may have removed the group.
 */
export function unknownGroups({ declaration, nodeGroups }: ClusterFiles): Problem[] {
  const slugs = nodeGroups.map(({ slug }) => slug);
  return (declaration?.delegates ?? []).flatMap((delegate) =>
    delegate.nodeGroups.flatMap((slug, index) => {
      if (slugs.includes(slug)) return [];
      const message = `node-groups.json has no group ${JSON.stringify(slug)}`;
      const remedy = didYouMean(slug, slugs, "Name one of its groups, or remove the entry");
      const problem = { code: "missing-node-group", severity: "warning", message, remedy } as const;
      return [delegate.at(problem, ["nodeGroups", index])];
    }),
  );
}
