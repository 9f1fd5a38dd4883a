/** The file that answers for every kind, as this package exports it. */
const REGISTRY = "lectern/registry";

/**
 * What the engine keeps in the state as a resource's provider: the text of a module whose `handler` gives
 * the provider. It names the kind and nothing else, so it is the same for every version of the code, and
 * an edit changes no state. The package's own name resolves in this repository, and in one that depends
 * on the package.
 */
export function shimText(kind: string): string {
  const load = `process.getBuiltinModule("node:module").createRequire(process.cwd()+"/package.json")`;
  return `exports.handler=()=>${load}(${JSON.stringify(REGISTRY)}).shim(${JSON.stringify(kind)})`;
}
