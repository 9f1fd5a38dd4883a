import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Problem } from "../../../problem/problem.ts";
import { isSecretValue, namesSecret } from "../../declaration/secret-name.ts";
import type { BuildContext } from "../build-context.ts";
import { commandFindings } from "./dockerfile-command.ts";
import { imageFindings } from "./dockerfile-images.ts";
import { sourceProblems } from "./dockerfile-sources.ts";
import {
  assignments,
  type BaseImage,
  type Finding,
  finding,
  inheritedSteps,
  readStages,
  rootImage,
  type Stage,
  type Stages,
  type Step,
  triggered,
} from "./dockerfile-stages.ts";
import { userFindings } from "./dockerfile-user.ts";
import { expand, withoutReferences } from "./dockerfile-variables.ts";

/** What a Dockerfile may leave to the image that it is built on. */
const LEFT_TO_BASE: ReadonlySet<string> = new Set(["no-user", "user-unknown", "no-command", "no-port"]);

/** A Dockerfile, looked at. */
export interface DockerfileCheck {
  /** Every problem at once; a warning where it depends on the base image. */
  readonly problems: readonly Problem[];
  /** The image that warnings depend on, where there are any. */
  readonly dependsOn?: string;
}

/**
 * What is wrong with a kernel's Dockerfile, before anything is built. Where it sets no user, command or port, the image
 * that it is built on does: without it that is a warning.
 * @param args the build's arguments
 * @param file how the Dockerfile is called in the problems
 * @param image what is known of that image
 */
export async function checkDockerfile(
  context: BuildContext,
  args: Readonly<Record<string, string>> = {},
  file: string = context.dockerfile,
  image?: BaseImage,
): Promise<DockerfileCheck> {
  const text = await readFile(join(context.folder, context.dockerfile), "utf8");
  const whole = readStages(text, args, image);
  const last = whole.stages.at(-1);
  const root = last && rootImage(last);
  const isOpen = ({ code }: Finding) => root !== undefined && !image && LEFT_TO_BASE.has(code);
  const findings = last ? findingsOf(whole, last, context, image) : [noBase()];
  const problems = findings
    .map(
      (found): Problem =>
        isOpen(found) ? leftTo(root ?? "", file, found) : { severity: "error", file, ...found },
    )
    .sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  return { problems, ...(root !== undefined && findings.some(isOpen) ? { dependsOn: root } : {}) };
}

/**
 * What is wrong with a Dockerfile whatever runs its image: images that move, files that are missing, secrets.
 * @param file how the Dockerfile is called in the problems
 */
export async function checkImageDockerfile(context: BuildContext, file: string): Promise<Problem[]> {
  const whole = readStages(await readFile(join(context.folder, context.dockerfile), "utf8"));
  const findings = whole.stages.length > 0 ? buildFindings(whole, context) : [noBase()];
  return findings
    .map((found): Problem => ({ severity: "error", file, ...found }))
    .sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
}

function findingsOf(
  whole: Stages,
  last: Stage,
  context: BuildContext,
  image: BaseImage | undefined,
): Finding[] {
  return [
    ...userFindings(last, image),
    ...commandFindings(last, image),
    ...portFindings(last, image),
    ...buildFindings(whole, context),
  ];
}

function buildFindings(whole: Stages, context: BuildContext): Finding[] {
  return [
    ...whole.stages.flatMap((stage) => imageFindings(stage, whole.stages)),
    ...secretFindings(whole),
    ...whole.stages.flatMap((stage) => sourceProblems(stage, context)),
  ];
}

function noBase(): Finding {
  const remedy = "Begin it with FROM and a pinned image";
  return finding(undefined, "no-base-image", "the Dockerfile has no FROM", remedy);
}

/** What is wrong unless the base image makes it right, which a plan asks its registry about. */
function leftTo(image: string, file: string, found: Finding): Problem {
  return { ...found, severity: "warning", file, message: `${found.message}, unless ${image} does` };
}

function portFindings(stage: Stage, image: BaseImage | undefined): Finding[] {
  const remedy = "Name the port, such as EXPOSE 8888";
  const exposing = inheritedSteps(stage).filter(({ keyword }) => keyword === "EXPOSE");
  if (exposing.length === 0) {
    if (image && image.ports.length > 0) return [];
    const where = image ? `, neither here nor in ${image.name}` : "";
    return [finding(stage.from, "no-port", `no EXPOSE names the kernel's port${where}`, remedy)];
  }
  return exposing.flatMap((step) =>
    argumentsOf(step)
      .filter((written) => {
        // A variable without a value here can have one in the base image.
        const port = expand(written, step.variables);
        return port !== undefined && !isPort(port);
      })
      .map((written) => finding(step, "not-a-port", `${JSON.stringify(written)} is not a port`, remedy)),
  );
}

function isPort(port: string): boolean {
  const [, from, to = from] = /^(\d{1,5})(?:-(\d{1,5}))?(?:\/(?:tcp|udp|sctp))?$/i.exec(port) ?? [];
  return [from, to].every((number) => Number(number) >= 1 && Number(number) <= 65_535);
}

function secretFindings(whole: Stages): Finding[] {
  const steps = [...whole.arguments, ...whole.stages.flatMap((stage) => stage.steps)];
  return steps
    .map((step) => triggered(step) ?? step)
    .flatMap((step) => secretsOf(step).map((what) => secretFinding(step, what)));
}

/** The variables of a step that hold secrets, or the step itself where its text has one in it. */
function secretsOf(step: Step): string[] {
  const { keyword } = step;
  if (keyword === "ENV" || keyword === "ARG") {
    const secret = assignments(step).filter(({ name, value }) => holdsSecret(keyword, name, value));
    return secret.map(({ name }) => `${keyword} ${name}`);
  }
  // A secret that is mounted comes in by a variable or a file, and so is not in the text.
  const text = withoutReferences(step.instruction.getArgumentsContent() ?? "");
  return isSecretValue(text) ? [`the ${keyword}`] : [];
}

function secretFinding(step: Step, what: string): Finding {
  return finding(
    step,
    "secret-in-image",
    `${what} puts a secret into the image, where everyone who has the image can read it`,
    "Use RUN --mount=type=secret while building, or give it to the container when it starts",
  );
}

/** An argument without a default gets its value at the build, and stays in the image's history. */
function holdsSecret(keyword: string, name: string, value: string | undefined): boolean {
  if (value !== undefined && isSecretValue(value)) return true;
  return namesSecret(name) && (keyword === "ARG" || (value ?? "") !== "");
}

function argumentsOf(step: Step): string[] {
  return step.instruction
    .getArguments()
    .map((argument) => argument.getValue().replace(/^(["'])(.*)\1$/, "$2"));
}
