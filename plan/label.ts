import type { Step } from "./model.ts";

/** What people call a resource, in a plan and in a run: `Course bell-states`. */
export function labelOf({ type, name }: Pick<Step, "type" | "name" | "parent">): string {
  return `${shortType(type)} ${name}`;
}

/** `pulumi-nodejs:dynamic/lectern:Article` → `Article`; `kubernetes:apps/v1:DaemonSet` → `DaemonSet`. */
function shortType(type: string): string {
  return type.split(":").at(-1) ?? type;
}
