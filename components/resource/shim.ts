import * as pulumi from "@pulumi/pulumi";

const PROVIDERS = new Map<string, pulumi.dynamic.ResourceProvider>();

/**
 * The provider object of a kind of custom resource, as the SDK serialises it into the state.
 * Its methods capture nothing but the kind's name and forward to `components/registry.ts`, so
 * what is stored is the same text for every version of the code, and an edit changes no state.
 *
 * One object a kind: the SDK keeps the serialised form by object.
 */
export function provider(kind: string): pulumi.dynamic.ResourceProvider {
  const known = PROVIDERS.get(kind);
  if (known) return known;
  const made = forward(kind);
  PROVIDERS.set(kind, made);
  return made;
}

// The SDK serialises the text of these functions. They may use nothing but `kind`, their
// arguments and Node's globals; see test/contract/shim.test.ts.
function forward(kind: string): pulumi.dynamic.ResourceProvider {
  return {
    configure: async (request) => load().configure(request.config),
    check: async (olds, news) => load().provider(kind, "check", [olds, news]),
    diff: async (id, olds, news) => load().provider(kind, "diff", [id, olds, news]),
    create: async (inputs) => load().provider(kind, "create", [inputs]),
    read: async (id, props) => load().provider(kind, "read", [id, props]),
    update: async (id, olds, news) => load().provider(kind, "update", [id, olds, news]),
    delete: async (id, props) => load().provider(kind, "delete", [id, props]),
  };
  function load() {
    const { createRequire } = process.getBuiltinModule("node:module");
    return createRequire(`${process.cwd()}/package.json`)("./components/registry.ts");
  }
}

/** A custom resource of this project: `pulumi-nodejs:dynamic/lectern:<kind>`. */
export abstract class CustomResource extends pulumi.dynamic.Resource {
  constructor(
    kind: string,
    name: string,
    props: Record<string, unknown>,
    options?: pulumi.CustomResourceOptions,
  ) {
    super(provider(kind), name, props, options, "lectern", kind);
  }
}
