import { parseReference } from "../../../image/reference.ts";
import { LecternError } from "../../../problem/problem.ts";
import { type Finding, finding, type Stage, type Step } from "./dockerfile-stages.ts";
import { expand } from "./dockerfile-variables.ts";
import { flagsOf, mountsOf } from "./dockerfile-words.ts";

/** What a stage is built on or copies from, where it moves, or is nowhere. */
export function imageFindings(stage: Stage, stages: readonly Stage[]): Finding[] {
  const earlier = stages.slice(0, stages.indexOf(stage));
  const copied = stage.steps.flatMap((step) =>
    originsOf(step).flatMap((origin) => originFindings(step, origin, earlier)),
  );
  return [...baseFindings(stage), ...copied];
}

function baseFindings({ base, from, parent }: Stage): Finding[] {
  if (parent || base === "scratch") return [];
  if (base !== undefined) return pinFindings(from, "the base image", base);
  const message = "the base image comes from a variable that has no value";
  const remedy = "Give the ARG before FROM a default, or a kernel its value in build.args";
  return [finding(from, "base-image-unknown", message, remedy)];
}

/** The stages and images that an instruction takes files from. */
function originsOf(step: Step): string[] {
  if (step.keyword === "RUN") return mountsOf(step).flatMap(({ from }) => from ?? []);
  if (step.keyword !== "COPY" && step.keyword !== "ADD") return [];
  return flagsOf(step, "from");
}

function originFindings(step: Step, written: string, earlier: readonly Stage[]): Finding[] {
  const origin = expand(written, step.variables);
  if (origin === undefined || written.includes("$")) {
    const message = `${step.keyword} takes files from ${written}, where Docker expands no variables`;
    return [finding(step, "stage-unknown", message, "Name a stage, and use the variable in its FROM")];
  }
  const isStage = /^\d+$/.test(origin)
    ? Number(origin) < earlier.length
    : earlier.some(({ name }) => name === origin.toLowerCase());
  if (isStage || origin === "scratch") return [];
  if (/[./:@]/.test(origin)) return pinFindings(step, "the image", origin);
  const message = `${step.keyword} takes files from ${origin}, and no earlier stage has this name`;
  const remedy = "Name an earlier stage, or an image with a tag or a digest";
  return [finding(step, "unknown-stage", message, remedy)];
}

function pinFindings(step: Step, what: string, image: string): Finding[] {
  const remedy = "Name a tag that is not latest, or a digest: python:3.12.4-slim";
  try {
    const { tag, digest } = parseReference(image);
    if (digest !== undefined || (tag !== undefined && (tag as string) !== "latest")) return [];
    const why = tag === undefined ? "has neither tag nor digest" : "is the moving tag latest";
    return [finding(step, "base-image-not-pinned", `${what} ${image} ${why}`, remedy)];
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    return error.problems.map(({ code, message, remedy }) => finding(step, code, message, remedy));
  }
}
