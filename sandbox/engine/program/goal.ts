import type pb from "@pulumi/pulumi/proto/resource_pb.js";
import { toProperties } from "../provider/provider-calls.ts";
import type { ResourceState } from "../state/deployment.ts";
import { type AliasSpec, isProviderType } from "../value/urn.ts";
import { type PropertyMap, UNKNOWN } from "../value/values.ts";

/** What the program wants of one resource. */
export interface Goal {
  readonly type: string;
  readonly name: string;
  readonly parent: string;
  readonly custom: boolean;
  readonly inputs: PropertyMap;
  readonly protect: boolean;
  readonly dependencies: readonly string[];
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  /** `<urn>::<id>`; empty for the package's default provider. */
  readonly provider: string;
  readonly version: string;
  readonly deleteBeforeReplace?: boolean;
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  readonly additionalSecretOutputs: readonly string[];
  readonly retainOnDelete: boolean;
  readonly aliases: readonly AliasSpec[];
  /** What the goal asks for that the sandbox does not do. */
  readonly unsupported?: string;
}

/** Reads a registration off the wire. */
export function readGoal(request: pb.RegisterResourceRequest): Goal {
  const byProperty = request.getPropertydependenciesMap().toArray();
  const propertyDependencies = byProperty.map(([key]) => [
    key,
    request.getPropertydependenciesMap().get(key)?.getUrnsList() ?? [],
  ]);
  const unsupported = unsupportedIn(request);
  return {
    type: request.getType(),
    name: request.getName(),
    parent: request.getParent(),
    custom: request.getCustom(),
    inputs: toProperties(request.getObject()),
    protect: request.getProtect() ?? false,
    dependencies: request.getDependenciesList(),
    propertyDependencies: Object.fromEntries(propertyDependencies),
    provider: request.getProvider(),
    version: request.getVersion(),
    ...(request.getDeletebeforereplacedefined()
      ? { deleteBeforeReplace: request.getDeletebeforereplace() }
      : {}),
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    retainOnDelete: request.getRetainondelete() ?? false,
    aliases: [
      ...request.getAliasurnsList().map((urn) => ({ urn })),
      ...request.getAliasesList().map(readAlias),
    ],
    ...(unsupported ? { unsupported } : {}),
  };
}

function unsupportedIn(request: pb.RegisterResourceRequest): string | undefined {
  if (request.getRemote()) return "components of other packages (remote)";
  if (request.getImportid() !== "") return "the option `import`";
  return undefined;
}

function readAlias(alias: ReturnType<pb.RegisterResourceRequest["getAliasesList"]>[number]): AliasSpec {
  const spec = alias.getSpec();
  if (!spec) return { urn: alias.getUrn() };
  return {
    name: spec.getName(),
    type: spec.getType(),
    stack: spec.getStack(),
    project: spec.getProject(),
    parent: spec.getParenturn(),
    noParent: spec.getNoparent(),
  };
}

/** What Pulumi adds to the inputs of a provider that is made; what it added once stays. */
function ofEngine(goal: Goal, old: ResourceState | undefined): PropertyMap {
  if (!old) return goal.version === "" ? {} : { version: goal.version };
  const added = ["version", "pluginDownloadURL", "pluginChecksums", "__internal"];
  return Object.fromEntries(Object.entries(old.inputs ?? {}).filter(([key]) => added.includes(key)));
}

/** The state that a goal will have, before any provider has answered. */
export function wantedState(goal: Goal, urn: string, provider: string, old?: ResourceState): ResourceState {
  const { propertyDependencies, dependencies, ignoreChanges, replaceOnChanges, additionalSecretOutputs } =
    goal;
  const inputs = isProviderType(goal.type) ? { ...ofEngine(goal, old), ...goal.inputs } : goal.inputs;
  return {
    urn,
    custom: goal.custom,
    type: goal.type,
    ...(goal.custom || Object.keys(inputs).length > 0 ? { inputs } : {}),
    ...(goal.parent ? { parent: goal.parent } : {}),
    ...(goal.protect ? { protect: true } : {}),
    ...(dependencies.length > 0 ? { dependencies } : {}),
    ...(provider ? { provider } : {}),
    ...(Object.keys(propertyDependencies).length > 0 ? { propertyDependencies } : {}),
    ...(additionalSecretOutputs.length > 0 ? { additionalSecretOutputs } : {}),
    ...(old && old.urn !== urn ? { aliases: [old.urn] } : {}),
    ...(goal.retainOnDelete ? { retainOnDelete: true } : {}),
    ...(old?.created ? { created: old.created } : {}),
    ...(old?.modified ? { modified: old.modified } : {}),
    ...(ignoreChanges.length > 0 ? { ignoreChanges } : {}),
    ...(replaceOnChanges.length > 0 ? { replaceOnChanges } : {}),
  };
}

/** The reply to the program about a resource that it registered. */
export interface Reply {
  readonly urn: string;
  readonly id: string;
  readonly outputs: PropertyMap;
  /** It failed, or was skipped because something that it needs did. */
  readonly failed?: boolean;
  /** Its outputs are not known even after this run. */
  readonly unknown?: boolean;
}

export const replyOf = (state: ResourceState): Reply => ({
  urn: state.urn,
  id: state.id ?? "",
  outputs: state.outputs ?? {},
});

/** The reply of a preview that can't say more. */
export const unknownReply = (urn: string, inputs: PropertyMap): Reply => ({
  urn,
  id: UNKNOWN,
  outputs: inputs,
});
