/** The type of the root of every stack. */
export const STACK_TYPE = "pulumi:pulumi:Stack";
export const STACK_REFERENCE_TYPE = "pulumi:pulumi:StackReference";
/** The types of provider resources begin with this. */
const PROVIDER_PREFIX = "pulumi:providers:";

/** `urn:pulumi:<stack>::<project>::<parent types>$<type>::<name>`. A parent that is the stack adds nothing. */
export function createUrn(
  stack: string,
  project: string,
  parent: string,
  type: string,
  name: string,
): string {
  const parentType = parent === "" ? "" : qualifiedType(parent);
  const prefix = parentType === "" || parentType === STACK_TYPE ? "" : `${parentType}$`;
  return `urn:pulumi:${stack}::${project}::${prefix}${type}::${name}`;
}

/** `parent$type`, as the URN has it. */
function qualifiedType(urn: string): string {
  return urn.split("::")[2] ?? "";
}

export function typeOf(urn: string): string {
  return qualifiedType(urn).split("$").at(-1) ?? "";
}

/** The resource's own name, which may itself contain `::`. */
export function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** The package a type comes from: `pulumi-nodejs`, `kubernetes`, `pulumi`. */
export function packageOf(type: string): string {
  return isProviderType(type) ? type.slice(PROVIDER_PREFIX.length) : (type.split(":")[0] ?? "");
}

export const isProviderType = (type: string): boolean => type.startsWith(PROVIDER_PREFIX);
export const providerType = (name: string): string => PROVIDER_PREFIX + name;

/** The URN in a provider reference, `<urn>::<id>`. */
export function providerUrn(reference: string): string {
  return reference.slice(0, reference.lastIndexOf("::"));
}

/** What an alias says of a resource's former identity; what is missing is as it is now. */
export interface AliasSpec {
  readonly urn?: string;
  readonly name?: string;
  readonly type?: string;
  readonly stack?: string;
  readonly project?: string;
  readonly parent?: string;
  readonly noParent?: boolean;
}

export interface Identity {
  readonly stack: string;
  readonly project: string;
  readonly parent: string;
  readonly type: string;
  readonly name: string;
}

/**
 * The URNs that a resource may have had: each alias, and, where its parent was found by an alias,
 * its name and type below that former parent.
 */
export function formerUrns(
  now: Identity,
  aliases: readonly AliasSpec[],
  formerParent: (urn: string) => string | undefined,
): string[] {
  const own = aliases.map((alias) => resolve(now, alias, formerParent));
  const parent = now.parent === "" ? undefined : formerParent(now.parent);
  if (parent === undefined) return own;
  const below = (type: string, name: string) =>
    createUrn(now.stack, now.project, parent, type, renamed(name, nameOf(now.parent), nameOf(parent)));
  return [...own, below(now.type, now.name), ...own.map((urn) => below(typeOf(urn), nameOf(urn)))];
}

function resolve(now: Identity, alias: AliasSpec, formerParent: (urn: string) => string | undefined): string {
  if (alias.urn) return alias.urn;
  const given = alias.parent ? (formerParent(alias.parent) ?? alias.parent) : now.parent;
  const parent = alias.noParent ? "" : given;
  return createUrn(
    alias.stack || now.stack,
    alias.project || now.project,
    parent,
    alias.type || now.type,
    alias.name || now.name,
  );
}

/** A child whose name begins with its parent's is taken to have followed the parent's name. */
function renamed(name: string, parentName: string, formerParentName: string): string {
  return name.startsWith(parentName) ? formerParentName + name.slice(parentName.length) : name;
}
