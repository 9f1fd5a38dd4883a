import {
  DockerfileParser,
  type From,
  type Instruction,
  type Onbuild,
  type PropertyInstruction,
} from "dockerfile-ast";
import type { ImageConfig } from "../../../image/registry/registry-image.ts";
import type { Problem } from "../../../problem/problem.ts";
import { expand, type Variables } from "./dockerfile-variables.ts";

/** One line of a Dockerfile with the values that its variables have there. */
export interface Step {
  /** In upper case: `COPY`. */
  readonly keyword: string;
  readonly instruction: Instruction;
  /** 1-based. */
  readonly line: number;
  readonly variables: Variables;
}

/** What begins with FROM. */
export interface Stage {
  readonly from: Step;
  readonly name?: string;
  /** What the stage is built on: an image, or undefined where a variable has no value. */
  readonly base: string | undefined;
  /** The stage that it is built on, where it is one. */
  readonly parent?: Stage;
  /** The environment of its containers and of stages that are built on it, as far as the file sets it. */
  readonly env: Variables;
  readonly steps: readonly Step[];
}

/** The stages of a Dockerfile, and the build arguments before the first. */
export interface Stages {
  readonly arguments: readonly Step[];
  readonly stages: readonly Stage[];
}

/** An image that a Dockerfile is built on, as its registry describes it. */
export interface BaseImage extends ImageConfig {
  /** As the Dockerfile names it. */
  readonly name: string;
}

/**
 * Takes a Dockerfile apart.
 * @param args the build's arguments, which go before the file's defaults
 * @param image what is known of an image that it is built on
 */
export function readStages(
  text: string,
  args: Readonly<Record<string, string>> = {},
  image?: BaseImage,
): Stages {
  const before: Step[] = [];
  const stages: OpenStage[] = [];
  let outer: Variables = {};
  for (const instruction of DockerfileParser.parse(text).getInstructions()) {
    const keyword = instruction.getKeyword().toUpperCase();
    const stage = stages.at(-1);
    const variables = keyword === "FROM" ? outer : (stage?.variables ?? outer);
    const step: Step = { keyword, instruction, line: instruction.getRange().start.line + 1, variables };
    if (keyword === "FROM") {
      stages.push(begin(step, stages, image));
    } else if (stage) {
      stage.steps.push(step);
      if (keyword === "ENV") stage.env = { ...stage.env, ...values(step, {}, {}) };
      // What ENV has set goes before an argument of that name, also a later one.
      stage.variables = { ...variables, ...values(step, args, outer), ...stage.env };
    } else {
      before.push(step);
      outer = { ...outer, ...values(step, args, {}) };
    }
  }
  return { arguments: before, stages };
}

interface OpenStage extends Stage {
  readonly steps: Step[];
  /** What its lines know, arguments and environment. */
  variables: Variables;
  env: Variables;
}

function begin(from: Step, earlier: readonly OpenStage[], image: BaseImage | undefined): OpenStage {
  const instruction = from.instruction as From;
  const base = expand(instruction.getImage() ?? "", from.variables);
  const name = instruction.getBuildStage()?.toLowerCase();
  const parent = earlier.findLast((stage) => stage.name !== undefined && stage.name === base?.toLowerCase());
  const env = parent?.env ?? (image?.name === base ? image?.env : undefined) ?? {};
  return {
    from,
    base,
    steps: [],
    env,
    variables: env,
    ...(name ? { name } : {}),
    ...(parent ? { parent } : {}),
  };
}

/** The image that a stage is built on in the end; undefined where it has none, or it is not known. */
export function rootImage(stage: Stage): string | undefined {
  if (stage.parent) return rootImage(stage.parent);
  return stage.base === "scratch" ? undefined : stage.base;
}

/** The steps of a stage and of the stages that it is built on, the first first. */
export function inheritedSteps(stage: Stage): readonly Step[] {
  return [...(stage.parent ? inheritedSteps(stage.parent) : []), ...stage.steps];
}

/** What an ONBUILD holds for the builds on this image; undefined of other instructions. */
export function triggered(step: Step): Step | undefined {
  const instruction =
    step.keyword === "ONBUILD" ? (step.instruction as Onbuild).getTriggerInstruction() : null;
  return instruction ? { ...step, instruction, keyword: instruction.getKeyword().toUpperCase() } : undefined;
}

/** The names and values that ENV or ARG gives; of other instructions, none. */
export function assignments({ keyword, instruction }: Step): { name: string; value: string | undefined }[] {
  if (keyword !== "ENV" && keyword !== "ARG") return [];
  return (instruction as PropertyInstruction).getProperties().map((property) => ({
    name: property.getName(),
    value: property.getUnescapedValue() ?? undefined,
  }));
}

function values(step: Step, args: Readonly<Record<string, string>>, outer: Variables): Variables {
  const known = assignments(step).map(({ name, value }) => {
    const own = value === undefined ? undefined : expand(value, step.variables);
    return [name, step.keyword === "ENV" ? own : (args[name] ?? own ?? outer[name])];
  });
  return Object.fromEntries(known);
}

/** What a check finds, before it is known in which file. */
export type Finding = Omit<Problem, "file" | "severity"> & Partial<Pick<Problem, "severity">>;

/** A finding at a step's line. */
export function finding(step: Step | undefined, code: string, message: string, remedy: string): Finding {
  if (!step) return { code, message, remedy };
  const { start } = step.instruction.getRange();
  return { code, message, remedy, line: step.line, column: start.character + 1 };
}
