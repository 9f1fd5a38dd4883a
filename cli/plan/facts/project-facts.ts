import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { isObject } from "../../../components/json.ts";
import type { NamedStack, ProjectFacts, StackFacts } from "../../../plan/deployment/catalog-facts.ts";
import { partsIn } from "../../../stacks/shards/claims.ts";
import { environmentOf, isEnvironment, isShard, stackOfFile } from "../../../stacks/shards/stack-name.ts";
import type { BaseText } from "./catalog-facts.ts";
import { jsonIn, textOf } from "./lenient.ts";
import { lockfileChange } from "./lockfile.ts";
import { quickYaml, Unreadable } from "./quick-yaml.ts";

/** What of this very repository everything depends on. */
const OWN_SOURCES = ["components", "stacks"];

/**
 * What the planner needs to know of a project.
 * @param root the repository's
 * @param folder the project's, from there; empty where they are the same
 */
export function readProjectFacts(root: string, folder: string, base?: BaseText): ProjectFacts {
  const project = join(root, folder);
  const isOwn = packageName(project) === "lectern";
  const stacks = stackFiles(project).map(({ stack, environment, file }): NamedStack => {
    const parts = scopeIn(readFileSync(join(project, file), "utf8"), posix.join(folder, file));
    return { stack, environment, parts };
  });
  return {
    folder,
    program: ["index.ts", ...(isOwn ? OWN_SOURCES : [])],
    lockfiles: lockfileChange(project, isOwn, base && ((file) => base(posix.join(folder, file)))),
    stacks,
    stackOf: (stack) => stackFacts(stack, stacks),
  };
}

function packageName(project: string): unknown {
  const manifest = jsonIn(textOf(join(project, "package.json")));
  return isObject(manifest) ? manifest["name"] : undefined;
}

function stackFiles(project: string) {
  return readdirSync(project)
    .sort()
    .flatMap((file) => {
      const stack = stackOfFile(file) ?? "";
      const environment = environmentOf(stack);
      return isEnvironment(environment) ? [{ stack, environment, file }] : [];
    });
}

/** Of a file that no longer exists, everything in its environment: its scope is unknown. */
function stackFacts(stack: string, stacks: readonly NamedStack[]): StackFacts | undefined {
  const environment = environmentOf(stack);
  if (!isEnvironment(environment)) return undefined;
  // The file of an environment has the defaults of its parts.
  if (!isShard(stack)) return { environment, parts: undefined };
  return { environment, parts: stacks.find((one) => one.stack === stack)?.parts };
}

/** The scope of one cluster as `lectern stacks split` writes it: many stacks have it, and it needs no parser. */
const ONE_CLUSTER = /^ {2}lectern:scope: \{ ?clusters: \[ ?([\w-]+) ?\] ?\}$/m;

/** What `lectern:scope` says that a stack deploys; undefined is everything. */
function scopeIn(text: string, file: string): readonly string[] | undefined {
  const [, ...scopes] = text.split("lectern:scope");
  if (scopes.length === 0) return undefined;
  const [, cluster] = (scopes.length === 1 && ONE_CLUSTER.exec(text)) || [];
  if (cluster !== undefined) return [`clusters/${cluster}`];
  const value = quickYaml(text, file);
  const config = isObject(value) ? value["config"] : undefined;
  const written = isObject(config) ? config["lectern:scope"] : undefined;
  const scope = typeof written === "string" ? quickYaml(written, file) : written;
  if (scope === undefined) return undefined;
  const { articles, kernels, clusters = [] } = isObject(scope) ? scope : { clusters: undefined };
  if (!isObject(scope) || !Array.isArray(clusters)) throw new Unreadable(file);
  return partsIn(
    { articles: articles === true, kernels: kernels === true, clusters: clusters.map(String) },
    [],
  );
}
