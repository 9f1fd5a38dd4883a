import type { Step } from "./model.ts";

type Named = Pick<Step, "type" | "name" | "parent">;

/**
 * What people call a resource, in a plan and in a run: `Course bell-states`. A part of a component is
 * called what the component is, so that one thing has one name.
 */
export function labelOf(step: Named): string {
  return `${shortType(isPart(step) ? componentType(step) : step.type)} ${step.name}`;
}

/** Whether a resource is all that people see of its component: it has the component's own name. */
export function isPart({ type, name, parent }: Named): boolean {
  return (
    parent !== undefined &&
    componentType({ parent }).startsWith("lectern:") &&
    nameIn(parent) === name &&
    !RESTART.test(type)
  );
}

/** Whether a step ends what Lectern knows of an article, and no more: the qBook API can't delete. */
export const isForgotten = ({ op, type }: Pick<Step, "op" | "type">): boolean =>
  op === "delete" && /lectern:Article$/.test(type);

/**
 * The component that a step is below, as a step that does nothing; undefined where it is below none of
 * Lectern's own. Pulumi ends no component of which a part has failed.
 */
export function componentOf(step: Step): Step | undefined {
  const { parent } = step;
  if (parent === undefined || !componentType(step).startsWith("lectern:")) return undefined;
  return { op: "same", urn: parent, type: componentType(step), name: nameIn(parent), changed: [] };
}

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
