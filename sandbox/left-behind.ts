import { isForgotten } from "../plan/label.ts";
import type { RunReport } from "../plan/model.ts";
import { quoted } from "../plan/terminal/layout.ts";

const NAMESPACE = /:Namespace$/;

/**
 * What stays on a given cluster after everything was destroyed, and how to delete it; undefined where nothing does,
 * or no cluster is given.
 */
export function leftBehind(
  { operation, steps }: Pick<RunReport, "operation" | "steps">,
  kubeconfig: string | undefined,
): string | undefined {
  if (operation !== "destroy" || kubeconfig === undefined) return undefined;
  const names = steps
    .filter((step) => NAMESPACE.test(step.type) && isForgotten(step) && step.error === undefined)
    .map(({ name }) => name.split("/").at(-1) ?? name)
    .sort();
  if (names.length === 0) return undefined;
  const remedy = `kubectl --kubeconfig ${quoted(kubeconfig)} delete namespace ${names.join(" ")}`;
  return `\nThese namespaces stay, with the volumes of users in them: ${names.join(", ")}.\nTo delete them: ${remedy}`;
}
