import { hasPlaceholder, installedPin, withPin, workflowsIn } from "../../upgrade/workflow-pins.ts";
import { type Finding, failed, passed } from "../finding.ts";

/** The workflows of an institution's repository call Lectern's, at the commit of the version that is installed. */
export function checkWorkflows(root: string): Finding[] {
  const pin = installedPin(root);
  const workflows = workflowsIn(root);
  const unfilled = workflows.filter(({ text }) => hasPlaceholder(text));
  const others = pin ? workflows.filter(({ text }) => withPin(text, pin) !== text) : [];
  const wrong = [...new Set([...unfilled, ...others])].map(({ path }) => path.split("/").at(-1));
  if (wrong.length > 0) {
    const what =
      unfilled.length > 0 ? "still call the template's placeholder" : "call those of another version";
    const fix = pin
      ? `npx lectern upgrade --to ${pin.version} --no-preview`
      : "Replace my-organization/lectern by the repository that you have Lectern from, and COMMIT by the commit of its version";
    return [failed(`workflows ${what}: ${wrong.join(", ")}`, fix)];
  }
  const calls = pin !== undefined && workflows.some(({ text }) => text.includes(`@${pin.commit}`));
  return calls ? [passed(`workflows call those of lectern ${pin.version}`)] : [];
}
