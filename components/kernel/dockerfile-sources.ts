import { posix } from "node:path";
import type { Copy, JSONInstruction } from "dockerfile-ast";
import type { BuildContext } from "./build-context.ts";
import { dockerPattern, isPattern } from "./docker-pattern.ts";
import { type Finding, finding } from "./dockerfile-finding.ts";
import { expand, type Stage, type Step } from "./dockerfile-stages.ts";

/** The files that COPY and ADD want from the context, and that aren't there. */
export function sourceProblems(stage: Stage, context: BuildContext): Finding[] {
  return stage.steps
    .filter(({ keyword }) => keyword === "COPY" || keyword === "ADD")
    .flatMap((step) => sourcesOf(step).flatMap((source) => missing(step, source, context)));
}

/** What is taken from the context: not from another stage or image, the network, or the file itself. */
function sourcesOf(step: Step): string[] {
  const instruction = step.instruction as JSONInstruction;
  if (instruction.getFlags().some((flag) => flag.getName() === "from")) return [];
  return wordsOf(instruction)
    .slice(0, -1)
    .filter((word) => !word.startsWith("<<"))
    .map((word) => expand(word, step.variables))
    .filter((word) => word !== undefined)
    .filter((word) => step.keyword === "COPY" || !/^(?:https?:\/\/|git@|git:\/\/|ssh:\/\/)/.test(word));
}

/** The sources and the target, in either form: words, or a JSON list. */
function wordsOf(instruction: JSONInstruction): string[] {
  const list = /(?:^|\s)(\[.*\])\s*$/s.exec(instruction.getArgumentsContent() ?? "")?.[1];
  // The parser's own reading of a list loses the blanks inside names.
  if (list && instruction.getOpeningBracket()) {
    const words: unknown = parsedJson(list);
    if (Array.isArray(words)) return words.map(String);
  }
  // Lines of a here-document follow the instruction's own.
  const end = instruction.getInstructionRange().start.line;
  const isHeredoc = (instruction as Copy).getHeredocs?.().length > 0;
  return instruction
    .getArguments()
    .filter((part) => !isHeredoc || part.getRange().start.line === end)
    .map((part) => part.getValue());
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text.replaceAll(/\\\r?\n/g, ""));
  } catch {
    return undefined;
  }
}

function missing(step: Step, source: string, context: BuildContext): Finding[] {
  const path = posix.normalize(`/${source}`).slice(1).replace(/\/$/, "");
  if (leavesContext(source)) {
    const message = `${step.keyword} ${source} leaves the build context`;
    return [finding(step, "copy-outside", message, "Put the file into the context's folder")];
  }
  if (path === "" || isThere(path, context.files)) return [];
  if (isThere(path, context.ignored)) {
    const message = `${step.keyword} ${source} is held back by .dockerignore`;
    return [finding(step, "copy-ignored", message, `Let it through with a line !${path}`)];
  }
  const message = `${step.keyword} ${source} is not in the build context`;
  return [
    finding(
      step,
      "copy-missing",
      message,
      "Add the file, or correct its path, which is relative to the context",
    ),
  ];
}

function leavesContext(source: string): boolean {
  const path = posix.normalize(source.replace(/^\/+/, ""));
  return path === ".." || path.startsWith("../");
}

function isThere(path: string, files: readonly string[]): boolean {
  if (!isPattern(path)) return files.some((file) => file === path || file.startsWith(`${path}/`));
  const pattern = dockerPattern(path);
  return files.some((file) => {
    const parts = file.split("/");
    return parts.some((_, end) => pattern.test(parts.slice(0, end + 1).join("/")));
  });
}
