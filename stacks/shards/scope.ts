import { z } from "zod";
import { didYouMean } from "../../components/problem/nearest.ts";
import { LecternError } from "../../components/problem/problem.ts";
import type { Catalog } from "../catalog.ts";

const scope = z.strictObject({
  articles: z.boolean().default(false).describe("Whether it deploys the courses and blogs"),
  kernels: z.boolean().default(false).describe("Whether it deploys the kernels, and restarts their gateways"),
  clusters: z.array(z.string().min(1)).default([]).describe("The clusters that it deploys, by folder"),
});

/** What a stack deploys of the catalog. */
export type Scope = z.output<typeof scope>;

/** The slice of the configuration of a stack that deploys a part of its environment. */
export const scopeConfig = {
  scope: scope
    .optional()
    .describe(
      "What this stack deploys, and nothing else, such as `clusters: [campus]`; each stack has its own. Default: everything",
    ),
  environment: z
    .string()
    .optional()
    .describe(
      "The environment that this stack is a part of, such as prod in Pulumi.prod-campus.yaml: it takes the plain values of Pulumi.prod.yaml as defaults, and no secret. It is what the stack's name has before its first hyphen",
    ),
};

/** A scope from the text that the engine keeps; undefined where it can't be parsed. */
export function parseScope(text: string | undefined): Scope | undefined {
  try {
    return scope.safeParse(JSON.parse(text ?? "")).data;
  } catch {
    return undefined;
  }
}

/** The part of a catalog that a stack deploys. @throws {LecternError} where it names a cluster that is not there */
export function inScope(catalog: Catalog, wanted: Scope | undefined): Catalog {
  if (!wanted) return catalog;
  const names = catalog.clusters.map(({ name }) => name);
  const unknown = wanted.clusters.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new LecternError(unknown.map((name) => unknownCluster(name, names)));
  return {
    ...catalog,
    whole: catalog,
    courses: wanted.articles ? catalog.courses : [],
    blogs: wanted.articles ? catalog.blogs : [],
    kernels: wanted.kernels ? catalog.kernels : [],
    clusters: catalog.clusters.filter(({ name }) => wanted.clusters.includes(name)),
  };
}

function unknownCluster(name: string, known: readonly string[]) {
  return {
    code: "unknown-cluster",
    severity: "error" as const,
    path: "lectern:scope.clusters",
    message: `the catalog has no cluster ${JSON.stringify(name)}`,
    remedy: didYouMean(name, known, "Name a folder of the catalog's clusters/, or remove it from the scope"),
  };
}

/** The configuration without what belongs to kernels where the stack has none: gateways are set up and restarted once. */
export function configInScope<C extends { readonly scope?: Scope | undefined; readonly gateways: object }>(
  config: C,
): C {
  return config.scope && !config.scope.kernels ? { ...config, gateways: {} } : config;
}
