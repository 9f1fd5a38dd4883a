import type { Step } from "./model.ts";

type Named = Pick<Step, "type" | "name" | "parent">;

/**
 * What people call a resource, in a plan and in a run: `Course bell-states`. A part of a component is
 * called what the component is, so that one thing has one name.
 */
export function labelOf(step: Named): string {
  const { parent = "" } = step;
  return isPart(step)
    ? `${shortType(componentType(step))} ${nameIn(parent)}`
    : `${shortType(step.type)} ${step.name}`;
}

const KINDS: ReadonlySet<string> = new Set(["course", "blog", "kernel", "hub"]);

/** `Kernel python-science` → `kernel/python-science`; undefined for what has no such ID. */
export function idOfLabel(label: string): string | undefined {
  const [kind = "", ...name] = label.split(" ");
  return KINDS.has(kind.toLowerCase()) ? `${kind.toLowerCase()}/${name.join(" ")}` : undefined;
}

/**
 * Whether a resource is all that people see of its component: it has the component's own name, or is a cluster's
 * support. A component below another one is shown by itself.
 */
export function isPart({ type, name, parent }: Named): boolean {
  if (parent === undefined || COMPONENT.test(type) || RESTART.test(type)) return false;
  const component = componentType({ parent });
  if (!component.startsWith("lectern:")) return false;
  const own = nameIn(parent);
  return name === own || (SUPPORT.test(component) && name === `${own}/support`);
}

/**
 * Whether a step ends what Lectern knows of a resource, and no more: the qBook API can't delete articles, and
 * namespaces stay with the home directories in them.
 */
export const isForgotten = ({ op, type }: Pick<Step, "op" | "type">): boolean =>
  op === "delete" && /lectern:Article$|^kubernetes:core\/v1:Namespace$/.test(type);

/**
 * The component that a step is below, as a step that does nothing; undefined where it is below none of
 * Lectern's own. Pulumi ends no component of which a part has failed.
 */
export function componentOf(step: Step): Step | undefined {
  const { parent } = step;
  if (parent === undefined || !componentType(step).startsWith("lectern:")) return undefined;
  return { op: "same", urn: parent, type: componentType(step), name: nameIn(parent), changed: [] };
}

/** `lectern:cluster:Support`. */
const COMPONENT = /^lectern:\w+:/;
const SUPPORT = /:Support$/;

/** A restart ends running kernels, so it is always shown by itself. */
const RESTART = /:GatewayRestart$/;

/** `urn:pulumi:prod::lectern::lectern:Gateway$x:y/lectern:Restart::main` → `x:y/lectern:Restart`. */
const componentType = ({ parent = "" }: Pick<Step, "parent">) =>
  parent.split("::")[2]?.split("$").at(-1) ?? "";

const nameIn = (urn: string) => urn.split("::").slice(3).join("::");

/** `pulumi-nodejs:dynamic/lectern:Article` → `Article`; `kubernetes:apps/v1:DaemonSet` → `DaemonSet`. */
function shortType(type: string): string {
  return type.split(":").at(-1) ?? type;
}
