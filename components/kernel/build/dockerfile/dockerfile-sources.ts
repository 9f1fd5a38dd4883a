import { posix } from "node:path";
import type { JSONInstruction } from "dockerfile-ast";
import type { BuildContext } from "../build-context.ts";
import { dockerPattern, isPattern } from "../docker-pattern.ts";
import { type Finding, finding, type Stage, type Step } from "./dockerfile-stages.ts";
import { expand } from "./dockerfile-variables.ts";
import { flagsOf, mountsOf, unquoted, wordsOf } from "./dockerfile-words.ts";

/** The files that COPY, ADD and RUN want from the context, and that aren't there. */
export function sourceProblems(stage: Stage, context: BuildContext): Finding[] {
  return stage.steps.flatMap((step) => {
    if (step.keyword === "RUN") return mountProblems(step, context);
    return step.keyword === "COPY" || step.keyword === "ADD" ? copyProblems(step, context) : [];
  });
}

function mountProblems(step: Step, context: BuildContext): Finding[] {
  return mountsOf(step)
    .filter(({ type, from }) => type === "bind" && from === undefined)
    .map(({ source }) => expand(source ?? ".", step.variables))
    .filter((source) => source !== undefined)
    .flatMap((source) => missing(step, source, context));
}

function copyProblems(step: Step, context: BuildContext): Finding[] {
  const instruction = step.instruction as JSONInstruction;
  if (flagsOf(step, "from").length > 0) return [];
  const { words, isList } = wordsOf(instruction);
  const sources = words.slice(0, -1).map((word) => (isList ? word : unquoted(word)));
  if (sources.includes(undefined)) {
    const message = `${step.keyword} has a name with spaces, which Docker splits here despite quotes and backslashes`;
    return [finding(step, "copy-blanks", message, `Write a list: ${step.keyword} ["a name", "/target/"]`)];
  }
  return sources
    .filter((source) => source !== undefined)
    .filter((source) => !source.startsWith("<<"))
    .map((source) => expand(source, step.variables))
    .filter((source) => source !== undefined)
    .filter((source) => step.keyword === "COPY" || !isRemote(source))
    .flatMap((source) => missing(step, source, context));
}

/** What ADD fetches. Docker knows it by the lower-case scheme, and takes others for a file's path. */
const isRemote = (source: string) => /^(?:https?:\/\/|git@|git:\/\/|ssh:\/\/)/.test(source);

function missing(step: Step, source: string, context: BuildContext): Finding[] {
  const path = posix.normalize(`/${source}`).slice(1).replace(/\/$/, "");
  if (leavesContext(source)) {
    const message = `${step.keyword} ${source} leaves the build context`;
    return [finding(step, "copy-outside", message, "Put the file into the context's folder")];
  }
  if (path === "" || isThere(path, context.files)) return [];
  if (isThere(path, context.ignored)) {
    const message = `${step.keyword} ${source} is excluded by .dockerignore`;
    return [finding(step, "copy-ignored", message, `Include it with a line !${path}`)];
  }
  if (step.keyword === "ADD" && isRemote(source.toLowerCase())) {
    const message = `ADD ${source} is a file path to Docker, because its scheme is in upper case`;
    return [finding(step, "copy-missing", message, "Write the scheme in lower case: https://…")];
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
