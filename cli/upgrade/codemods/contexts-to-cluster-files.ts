import { type Document, isMap, isScalar, parseDocument } from "yaml";
import type { Codemod } from "./codemod.ts";
import type { ProjectFiles } from "./project-files.ts";

/** Where a stack says in which context a cluster is. */
interface Named {
  readonly file: string;
  readonly cluster: string;
  readonly context: string;
}

/**
 * A cluster with a cluster.yaml says there how it is reached, no longer in each stack's `lectern:clusters`: two places
 * could disagree.
 */
export const contextsToClusterFiles: Codemod = {
  since: "0.2.0",
  description: "the context of a cluster belongs into its cluster.yaml",
  apply(files) {
    const named = files.find("Pulumi.*.yaml").flatMap((file) => contextsIn(files, file));
    const clusters = Map.groupBy(named, ({ cluster }) => cluster);
    return [...clusters].flatMap(([cluster, places]) => move(files, cluster, places));
  },
};

/** The contexts of clusters that have a cluster.yaml. */
function contextsIn(files: ProjectFiles, file: string): Named[] {
  const clusters = parseDocument(files.read(file) ?? "").getIn(["config", "lectern:clusters"]);
  if (!isMap(clusters)) return [];
  return clusters.items.flatMap(({ key, value }) => {
    const cluster = String(isScalar(key) ? key.value : key);
    const context = isMap(value) ? value.get("context") : undefined;
    const known = typeof context === "string" && files.read(fileOf(cluster)) !== undefined;
    return known ? [{ file, cluster, context }] : [];
  });
}

function move(files: ProjectFiles, cluster: string, places: readonly Named[]): string[] {
  const declaration = parseDocument(files.read(fileOf(cluster)) ?? "");
  const own = declaration.getIn(["provider", "context"]);
  const contexts = new Set([
    ...places.map(({ context }) => context),
    ...(typeof own === "string" ? [own] : []),
  ]);
  const [context] = contexts;
  if (contexts.size > 1) {
    const where = places.map(({ file }) => file).join(", ");
    return [
      `the contexts of the cluster ${cluster} in ${where} differ, and ${fileOf(cluster)} can have one. ` +
        `Write it there as \`provider: {context: …}\`, and remove the others.`,
    ];
  }
  if (own === undefined) {
    declaration.setIn(["provider", "context"], context);
    files.write(fileOf(cluster), textOf(declaration));
  }
  for (const { file } of places) {
    const stack = parseDocument(files.read(file) ?? "");
    removeContext(stack, cluster);
    files.write(file, textOf(stack));
  }
  return [];
}

/** Removes the context, then what holds nothing any more. */
function removeContext(stack: Document, cluster: string): void {
  const clusters = ["config", "lectern:clusters"];
  stack.deleteIn([...clusters, cluster, "context"]);
  for (const path of [[...clusters, cluster], clusters]) {
    const left = stack.getIn(path);
    if (isMap(left) && left.items.length === 0) stack.deleteIn(path);
  }
}

const fileOf = (cluster: string) => `catalog/clusters/${cluster}/cluster.yaml`;
const textOf = (document: Document) => document.toString({ lineWidth: 0 });
