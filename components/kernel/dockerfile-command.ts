import type { JSONInstruction } from "dockerfile-ast";
import { type Finding, finding } from "./dockerfile-finding.ts";
import { expand, inheritedSteps, type Stage, type Step } from "./dockerfile-stages.ts";
import { wordsOf } from "./dockerfile-words.ts";

/** What starts a kernel in an image for a gateway: its own scripts, or ipykernel and its like. */
const LAUNCHER =
  /bootstrap-kernel|launch_?[\w-]*kernel|launch_kubernetes|ipykernel|kernel[_-]?launcher|kernel[\w-]*\.(?:sh|py|R|jar)\b/i;

/** A command that starts no kernel. */
export function commandFindings(stage: Stage): Finding[] {
  const remedy = 'End with the gateway\'s launcher: CMD ["/usr/local/bin/bootstrap-kernel.sh"]';
  const steps = inheritedSteps(stage);
  // An ENTRYPOINT takes back the CMDs before it.
  const entry = steps.findLastIndex(({ keyword }) => keyword === "ENTRYPOINT");
  const command = steps.findLastIndex(({ keyword }) => keyword === "CMD");
  const effective = [steps[entry], command > entry ? steps[command] : undefined].filter((step) => !!step);
  const shown = effective.at(-1);
  if (!shown)
    return [finding(stage.from, "no-command", "neither CMD nor ENTRYPOINT starts a kernel", remedy)];
  if (LAUNCHER.test(effective.map((step) => textOf(step, stage)).join(" "))) return [];
  const text = effective.map((step) => step.instruction.getArgumentsContent() ?? "").join(" ");
  const message = `${shown.keyword} starts no kernel launcher: ${text.slice(0, 80)}`;
  return [finding(shown, "not-a-kernel-command", message, remedy)];
}

/** What is run. A shell replaces variables, by those that the container has; a list has no shell. */
function textOf({ instruction }: Step, { env }: Stage): string {
  const { words, isList } = wordsOf(instruction as JSONInstruction);
  const text = words.join(" ");
  return isList
    ? text
    : text.replaceAll(/\$(?:\{[^}]*\}|\w+)/g, (written) => expand(written, env) ?? written);
}
