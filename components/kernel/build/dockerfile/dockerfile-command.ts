import type { JSONInstruction } from "dockerfile-ast";
import {
  type BaseImage,
  type Finding,
  finding,
  inheritedSteps,
  type Stage,
  type Step,
} from "./dockerfile-stages.ts";
import { expand } from "./dockerfile-variables.ts";
import { wordsOf } from "./dockerfile-words.ts";

/** What starts a kernel in an image for a gateway: its own scripts, or ipykernel and its like. */
const LAUNCHER =
  /bootstrap-kernel|launch_?[\w-]*kernel|launch_kubernetes|ipykernel|kernel[_-]?launcher|kernel[\w-]*\.(?:sh|py|R|jar)\b/i;

/** Programs that run the file, the module or the class that they are given. */
const INTERPRETER = /^(?:python[\d.]*|pypy[\d.]*|R|Rscript|julia|java|scala|node|spark-submit)$/;
const SHELL = /^(?:ba|da|z|k|a)?sh$/;
/** Programs that run the command that follows their options, or all that follows `--`. */
const WRAPPER = /^(?:exec|env|nohup|nice|tini(?:-static)?|dumb-init|catatonit|command|source|\.)$/;
/** The same, with words of their own before it; a script as entrypoint ends so by custom. */
const OPEN_WRAPPER =
  /^(?:gosu|su-exec|setpriv|sudo|conda|mamba|micromamba|uv|pixi|poetry|timeout|xvfb-run|.*\.sh|.*entrypoint.*|(?:start|init|run|launch).*)$/;

/** A command that does not start a kernel. @param image what is known of the image that the stage is built on */
export function commandFindings(stage: Stage, image?: BaseImage): Finding[] {
  const remedy = 'End with the gateway\'s launcher: CMD ["/usr/local/bin/bootstrap-kernel.sh"]';
  const steps = inheritedSteps(stage);
  // An ENTRYPOINT takes back the CMDs before it.
  const entry = steps.findLastIndex(({ keyword }) => keyword === "ENTRYPOINT");
  const command = steps.findLastIndex(({ keyword }) => keyword === "CMD");
  const effective = [steps[entry], command > entry ? steps[command] : undefined].filter((step) => !!step);
  const shown = effective.at(-1);
  if (!shown) {
    const words = image && [...image.entrypoint, ...image.command];
    if (words && startsKernel(words)) return [];
    const message = words
      ? `neither CMD nor ENTRYPOINT starts a kernel, and ${image?.name} runs ${JSON.stringify(words.join(" ").slice(0, 80))}`
      : "neither CMD nor ENTRYPOINT starts a kernel";
    return [finding(stage.from, "no-command", message, remedy)];
  }
  if (startsKernel(effective.flatMap((step) => commandOf(step, stage)))) return [];
  const text = effective.map((step) => step.instruction.getArgumentsContent() ?? "").join(" ");
  const message = `${shown.keyword} does not start a kernel launcher: ${text.slice(0, 80)}`;
  return [finding(shown, "not-a-kernel-command", message, remedy)];
}

/** What is run, as words. A shell replaces variables, by the container's; a list has no shell. */
function commandOf({ instruction }: Step, { env }: Stage): readonly string[] {
  const { words, isList } = wordsOf(instruction as JSONInstruction);
  if (isList) return words;
  const text = words.join(" ");
  return ["sh", "-c", text.replaceAll(/\$(?:\{[^}]*\}|\w+)/g, (written) => expand(written, env) ?? written)];
}

/**
 * Whether the command executes a launcher; that its name is in an argument is not enough.
 * @param isOpen whether what follows an open wrapper is still to be tried, from each of its words
 */
function startsKernel(command: readonly string[], isOpen = true): boolean {
  const [program = "", ...rest] = command;
  const name = program.split("/").at(-1) ?? "";
  if (LAUNCHER.test(name)) return true;
  if (/^\w+=/.test(program)) return startsKernel(rest, isOpen);
  if (INTERPRETER.test(name)) return rest.some((word) => LAUNCHER.test(word));
  if (SHELL.test(name)) return shellStarts(rest);
  const end = rest.indexOf("--");
  if (end >= 0 && (WRAPPER.test(name) || OPEN_WRAPPER.test(name)))
    return startsKernel(rest.slice(end + 1), isOpen);
  if (WRAPPER.test(name))
    return startsKernel(rest.slice(rest.findIndex((word) => !word.startsWith("-"))), isOpen);
  if (!isOpen || !OPEN_WRAPPER.test(name)) return false;
  return rest.some((_, at) => startsKernel(rest.slice(at), false));
}

function shellStarts(words: readonly string[]): boolean {
  const code = words.findIndex((word) => /^-\w*c$/.test(word));
  if (code >= 0) return commandsIn(words[code + 1] ?? "").some((command) => startsKernel(command));
  return words.some((word) => LAUNCHER.test(word));
}

/** The commands of a shell's line, each as its words. */
function commandsIn(line: string): string[][] {
  return line
    .split(/&&|\|\||[;|&\n]/)
    .map((command) => [...command.matchAll(/"([^"]*)"|'([^']*)'|[^\s"']+/g)])
    .map((words) => words.map(([whole, double, single]) => double ?? single ?? whole));
}
